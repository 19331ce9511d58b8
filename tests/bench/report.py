"""What was measured, as Markdown, CSV and plots."""
import csv
import os
import statistics
import subprocess
import time

import servers
from workloads import WORKLOADS

MEASURED_BY_ECHO = ("echo", "echo, UDP_SEGMENT")


def machine():
    """The class of the machine, and no name of it."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    system = "Linux " + os.uname().release.split("-")[0]
    try:
        with open("/etc/debian_version", encoding="ascii") as file:
            system = f"Debian {file.read().strip()}, {system}"
    except OSError:
        pass
    return f"{model}, {os.cpu_count()} processors, {system}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "|---|" + "--:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def is_peer(row):
    return row["name"] not in (*MEASURED_BY_ECHO, "resolverd")


def named(rows, name):
    return next((row for row in rows if row["name"] == name), None)


def is_right(row):
    """Whether hardly an answer was wrong."""
    return row.get("wrong", 0) <= row.get("answered", 0) / 1000


def best_peer(rows, key="cpu", which=is_peer):
    return min((row for row in rows
                if is_peer(row) and is_right(row) and which(row)),
               key=lambda row: row[key], default=None)


def matrix(results, cell):
    """A line per server, a column per workload."""
    names = []
    for rows in results.values():
        names += [row["name"] for row in rows if row["name"] not in names]
    return [[name, *(cell(row) if row else "–" for row in (
        named(rows, name) for rows in results.values()))] for name in names]


def per_query(results):
    best = [best_peer(rows) for rows in results.values()]
    return table(["server", *results], [
        *matrix(results, lambda row: f"{row['cpu']:.2f} ({row['ratio']:.2f})"),
        ["best peer", *(row["name"] if row else "–" for row in best)]])


def capacity(results):
    return table(["server", *results], matrix(
        results, lambda row: f"{row['rate'] / 1000:.0f}"))


def faults(results):
    """Answers that did not come or were wrong, of whom there are any."""
    lines = [f"| {name} | {row['name']} | {row['lost']:.0f} | "
             f"{row['wrong']:.0f} |"
             for name, rows in results.items() for row in rows
             if row["lost"] or row["wrong"]]
    if not lines:
        return "No answer was lost, and none was wrong.\n"
    return ("| workload | server | lost | wrong |\n|---|---|--:|--:|\n" +
            "\n".join(lines) + "\n")


def verdict(name, measured, limit, form="{:.2f}"):
    """A row of the targets; measured may be None."""
    if measured is None or limit is None:
        return [name, "–" if measured is None else form.format(measured),
                "–" if limit is None else form.format(limit), "not measured"]
    return [name, form.format(measured), form.format(limit),
            "holds" if measured <= limit else "**does not hold**"]


def against(row, other):
    """CPU over another's of the same round."""
    theirs = {sample["round"]: sample["cpu"] for sample in other["samples"]}
    return statistics.median(sample["cpu"] / theirs[sample["round"]]
                             for sample in row["samples"])


CEILINGS = {"W1": 1.05, "W2": 1.05, "W3": 1.15, "W4": 1.8, "W4d": 1.8,
            "W5": 1.55, "W6": 4, "W6s": 1.07}
SHARES = {"W4": 0.40, "W4d": 0.40, "W6": 0.25}
OWN = {"W7": 1.10, "W8": 1.25, "W9": 1.15}
CALLS = {"W1": 0.1, "W3": 0.1, "W4": 7, "W6": 0.5}


def ratios(results):
    rows = []
    for name, limit in CEILINGS.items():
        if name not in results:
            continue
        ours = named(results[name], "resolverd")
        rows.append(verdict(f"{name}, CPU over the ceiling's",
                            ours["ratio"], limit))
        fresh = name in ("W4", "W4d")
        best = best_peer(results[name],
                         which=lambda row: row["fresh_port"] or not fresh)
        words = "that takes a fresh port" if fresh else ""
        if best:
            rows.append(verdict(
                f"{name}, CPU over {best['name']}'s, the best peer {words}"
                .rstrip(), against(ours, best),
                SHARES.get(name, 1.0)))
    return rows


def own(results):
    rows = [verdict(f"{name}, CPU over its own W1's", results[name]["own"],
                    limit) for name, limit in OWN.items()]
    left_out = results["W8"]["dropped"]
    rows.append(verdict("W8, share of the queries left out of the log",
                        left_out and left_out / results["W8"]["answered"],
                        0, "{:.3f}"))
    rows.append(verdict("W9, answers lost or wrong", results["W9"]["lost"] +
                        results["W9"]["wrong"], 0, "{:.0f}"))
    return rows


def latencies(results):
    rows = []
    for name, there in results.items():
        best = best_peer(there, "p99")
        rows.append(verdict(f"{name}, p99 (µs) and the best peer's",
                            named(there, "resolverd")["p99"],
                            best["p99"] if best else None, "{:.0f}"))
    return rows


def workers(results):
    return [[f"{name}, two workers' throughput over one's",
             f"{two / one:.2f}", "1.25 at least",
             "holds" if two / one >= 1.25 else "**does not hold**"]
            for name, (one, two) in results.items()]


def memory(results):
    ours = named(results, "resolverd")
    best = best_peer(results, "start_pss")
    return [verdict("MiB after the start (PSS)", ours["start_pss"], 4),
            verdict("the same and the smallest peer's", ours["start_pss"],
                    best["start_pss"] if best else None),
            verdict("MiB more after local names",
                    ours["local"] - ours["start"], 0.1)]


def start(results):
    ours = named(results, "resolverd")
    best = best_peer(results, "ms")
    return [verdict("ms to the first answer", ours["ms"], 10),
            verdict("the same and the fastest peer's", ours["ms"],
                    best["ms"] if best else None)]


def calls(results):
    return [verdict(f"{name}, system calls a query",
                    results["resolverd"].get(name), limit)
            for name, limit in CALLS.items()]


def mallocs(results):
    return [verdict(f"{name}, allocations and releases a query",
                    round(count / max(1, answered), 3), 0, "{:.3f}")
            for name, (count, answered) in results.items()]


TARGETS = {"cpu": ratios, "own": own, "latency": latencies,
           "workers": workers, "memory": memory, "start": start,
           "calls": calls, "mallocs": mallocs}


def targets(results):
    """What was to show, and does or does not."""
    rows = []
    for part, judge in TARGETS.items():
        if results.get(part):
            rows += judge(results[part])
    return table(["what", "measured", "wanted at most", ""], rows)


def latency_table(results):
    return table(["server", *results], matrix(
        results, lambda row: f"{row['p50']:.0f} / {row['p99']:.0f}"))


def machine_table(results):
    """Memory, start and system calls."""
    lines = []
    start = {row["name"]: row["ms"] for row in results["start"]}
    calls = results.get("calls") or {}
    for row in results["memory"]:
        name = row["name"]
        there = [calls.get(name, {}).get(key) for key in CALLS]
        lines.append([
            name, f"{row['start']:.1f}", f"{row['start_pss']:.1f}",
            f"{row['local']:.1f}",
            f"{row['forwarded']:.1f}" if "forwarded" in row else "–",
            f"{start[name]:.1f}" if name in start else "–",
            *("–" if one is None else f"{one:.2f}" for one in there)])
    return table(["server", "MiB at start (RSS)", "its share (PSS)",
                  "after local names", "after forwarded names",
                  "ms to first answer",
                  *(f"calls a query, {name}" for name in CALLS)], lines)


def own_table(results):
    return table(
        ["workload", "CPU µs", "over W1", "lost", "wrong"],
        [[name, f"{row['cpu']:.2f}", f"{row['own']:.2f}",
          f"{row['lost']:.0f}", f"{row['wrong']:.0f}"]
         for name, row in results.items()])


def markdown(results, options, began):
    parts = [
        "# resolverd and its peers\n",
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, {machine()}. "
        f"{options.rounds} interleaved rounds of {options.seconds} s, "
        f"medians; one worker on one processor, load and upstream server on "
        f"another; loopback.\n"]
    if options.missing:
        parts.append("Not installed, and so left out: " +
                     ", ".join(options.missing) +
                     " (tests/bench/packages lists what they come in).\n")
    if results["cpu"]:
        parts += ["## CPU µs per query, and over the echo's of the same "
                  "round\n", per_query(results["cpu"]),
                  faults(results["cpu"])]
    for key, title, write in (
            ("cpu", "Capacity, thousands of queries a second", capacity),
            ("latency", "µs at a fixed rate, p50 / p99", latency_table),
            ("own", "resolverd under more", own_table)):
        if results.get(key):
            parts += [f"## {title}\n", write(results[key])]
    if results.get("memory"):
        parts += ["## Memory, start, system calls\n", machine_table(results)]
    if results.get("dnsperf"):
        parts += ["## W1 by dnsperf\n", table(
            ["server", "CPU µs", "over the echo", "queries a second"],
            [[row["name"], f"{row['cpu']:.2f}", f"{row['ratio']:.2f}",
              f"{row['rate']:.0f}"] for row in results["dnsperf"]])]
    parts += ["## What was to show\n", targets(results),
              f"It took {(time.monotonic() - began) / 60:.1f} minutes.\n"]
    return "\n".join(parts)


def for_readme(results):
    """Ratios alone, a line per workload, as README.md has them."""
    rows = results["cpu"]
    names = []
    for there in rows.values():
        names += [row["name"] for row in there if row["name"] not in
                  (*names, *MEASURED_BY_ECHO)]
    lines = []
    for workload, there in rows.items():
        cells = [workload, f"{there[0]['cpu']:.1f} µs"]
        for name in names:
            row = named(there, name)
            cells.append(f"{row['ratio']:.2f}" if row and row["ratio"] < 10
                         else f"{row['ratio']:.0f}" if row else "–")
        lines.append(cells)
    return f"{time.strftime('%Y-%m-%d', time.gmtime())}, {machine()}:\n\n" + \
        table(["", "echo", *names], lines)


def write_csv(path, results):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        keys = ("round", "cpu", "rate", "answered", "lost", "wrong", "p50",
                "p99")
        out.writerow(["part", "workload", "server", *keys])
        for part in ("cpu", "latency"):
            for name, rows in results.get(part, {}).items():
                for row in rows:
                    for sample in row["samples"]:
                        out.writerow([part, name, row["name"],
                                      *(sample[key] for key in keys)])
        for name, row in results.get("own", {}).items():
            for sample in row["samples"]:
                out.writerow(["own", name, "resolverd",
                              *(sample[key] for key in keys)])


def plot(folder, name, title, unit, values):
    """Bars, the longest at the bottom."""
    data = os.path.join(folder, name + ".dat")
    with open(data, "w", encoding="utf-8") as file:
        for server, value in sorted(values.items(), key=lambda kv: kv[1]):
            file.write(f'"{server}" {value}\n')
    script = f"""
        set terminal svg size 720,{120 + 28 * len(values)} noenhanced
        set output "{folder}/{name}.svg"
        set title "{title}"
        set xlabel "{unit}"
        set style fill solid 0.6
        set yrange [-0.6:{len(values) - 0.4}] reverse
        set xrange [0:*]
        set grid x
        unset key
        plot "{data}" using ($2/2):0:($2/2):(0.35):ytic(1) with boxxyerror, \\
             "" using 2:0:(sprintf("%.4g", $2)) with labels left offset 0.5,0
    """
    done = subprocess.run(["gnuplot"], input=script, text=True, check=False,
                          capture_output=True)
    os.unlink(data)
    if done.returncode != 0:
        print(f"gnuplot: {done.stderr}")


def plots(folder, results):
    """One for each workload and figure; a sentence when there are none."""
    if not servers.find("gnuplot"):
        return "No plots: gnuplot is not installed."
    titles = {workload.name: workload.title for workload in WORKLOADS}
    for name, rows in results["cpu"].items():
        plot(folder, name, f"{name}: {titles[name]}", "CPU µs per query",
             {row["name"]: row["cpu"] for row in rows})
    for name, rows in results.get("latency", {}).items():
        plot(folder, f"latency-{name.split()[0]}", name, "p99, µs",
             {row["name"]: row["p99"] for row in rows})
    if "memory" in results:
        plot(folder, "memory", "Memory after the start (PSS)", "MiB",
             {row["name"]: row["start_pss"] for row in results["memory"]})
    if "start" in results:
        plot(folder, "start", "From the start to the first answer", "ms",
             {row["name"]: row["ms"] for row in results["start"]})
    if results.get("calls"):
        plot(folder, "calls", "System calls per query, W1", "calls",
             {name: row["W1"] for name, row in results["calls"].items()
              if row.get("W1")})
    return f"Plots are in {folder}."
