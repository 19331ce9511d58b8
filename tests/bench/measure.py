"""Rounds of measurements, one server after the other in each."""
import dataclasses
import os
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import servers
from servers import RESOLVERD, Server, echo
from workloads import BY_NAME

CHANGING = 200  # records, each of which is another every second


class Bench:
    """What all measurements share: the upstream servers, and addresses that
    nobody else has."""

    def __init__(self, options):
        self.options = options
        self.tools = options.tools
        self.resolverd = options.resolverd
        self.peers = options.peers
        self.processes = servers.Processes()
        self.work = tempfile.mkdtemp(prefix="resolverd-bench.")
        os.chmod(self.work, 0o755)
        self.network = "127.%d.%d" % (
            random.randrange(1, 255), random.randrange(1, 255))
        self.base = random.randrange(100000000)
        self.next_number = 10
        self.samples = []
        self.upstreams = {}
        self.until = 0.0
        for late, number in ((False, 2), (True, 3)):
            host = f"{self.network}.{number}"
            self.upstreams[late] = host
            self.processes.start(
                [f"{self.tools}/upstream", *(["-d"] if late else []),
                 f"{host}:{servers.PORT}"], servers.LOAD_CORE, None)

    def allot(self, seconds):
        """From now on the current part is to end in that time."""
        self.until = time.monotonic() + seconds

    def late(self):
        return time.monotonic() > self.until

    def left_out(self, what, kinds):
        """Says for whom there was no time."""
        if kinds:
            names = ", ".join(kind.name for kind in kinds)
            print(f"{what}: no time left for {names}", file=sys.stderr)

    def new_base(self):
        """Names that are new stay so for the whole run."""
        self.base = (self.base + 5000011) % 900000000
        return self.base

    def server(self, kind, extra=""):
        self.next_number += 1
        return Server(kind, self, self.next_number, extra)

    def started(self, kinds, workload, extra=None):
        """Those that answer, at rest."""
        all_of_them = []
        for kind in kinds:
            server = self.server(kind, (extra or {}).get(kind.name, ""))
            server.start(self.upstreams[workload.late])
            all_of_them.append(server)
        there = []
        for server in all_of_them:
            if server.wait(workload.pattern, *workload.options):
                there.append(server)
                server.rest()
            else:
                server.stop()
        return there

    def grown(self, workload):
        """By how much an answer is longer than its question."""
        server, = self.started([RESOLVERD], workload)
        server.wake()
        sample = server.load(workload.pattern, *workload.options,
                             *workload.warm)
        server.stop()
        return sample["grown"]

    def rounds(self, workload, there, options=(), count=None, seconds=None):
        """Samples of each server, interleaved; the order is another in each
        round."""
        for number in range(count or self.options.rounds):
            if number > 0 and self.late():
                break
            order = there[number % len(there):] + there[:number % len(there)]
            for server in order:
                server.wake()
                server.load(workload.pattern, *workload.options,
                            *workload.warm)
                sample = server.load(
                    workload.pattern, *workload.options, *options,
                    "-d", seconds or self.options.seconds)
                server.rest()
                sample["round"] = number
                server.samples.append(sample)

    def close(self):
        self.processes.stop_all()
        subprocess.run(["rm", "-rf", self.work], check=False)


def median(samples, key):
    return statistics.median(sample[key] for sample in samples)


def summary(server, ceiling, best=None):
    """Medians; ratios are those of the same round."""
    samples = server.samples
    row = {key: median(samples, key)
           for key in ("cpu", "rate", "p50", "p99")}
    row["lost"] = sum(sample["lost"] for sample in samples)
    row["wrong"] = sum(sample["wrong"] for sample in samples)
    row["answered"] = sum(sample["answered"] for sample in samples)
    row["name"] = server.kind.name
    row["fresh_port"] = server.kind.fresh_port
    if ceiling is not None:
        row["ratio"] = ratio(server, ceiling)
    if best is not None:
        row["own"] = ratio(server, best)
    row["samples"] = samples
    return row


def ratio(server, other):
    others = {sample["round"]: sample["cpu"] for sample in other.samples}
    return statistics.median(sample["cpu"] / others[sample["round"]]
                             for sample in server.samples)


def workload_rows(bench, name):
    """CPU per query, and what follows from it, of all servers."""
    workload = BY_NAME[name]
    grown = bench.grown(workload)
    echoes = [echo(title, variant, grown, (name,))
              for title, variant in workload.echoes]
    peers = [kind for kind in bench.peers if name in kind.workloads]
    there = bench.started([*echoes, RESOLVERD, *peers], workload)
    bench.rounds(workload, there)
    rows = [summary(server, there[0]) for server in there]
    for server in there:
        server.stop()
    return rows


def latency_rows(bench, name, rate):
    """Times at a rate that everybody can keep up with."""
    workload = BY_NAME[name]
    echoes = [echo("echo", workload.echoes[0][1], bench.grown(workload),
                   (name,))]
    peers = [kind for kind in bench.peers if name in kind.workloads]
    there = bench.started([*echoes, RESOLVERD, *peers], workload)
    bench.rounds(workload, there, ("-r", rate),
                 bench.options.latency_rounds, bench.options.latency_seconds)
    rows = [summary(server, there[0]) for server in there]
    for server in there:
        server.stop()
    return rows


class Changes:
    """Records of a zone that change, and reloads that put them in force."""

    def __init__(self, server):
        self.server = server
        self.version = 0
        self.reloads = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def write(self):
        """One address each: 10, a version, and the record's number."""
        path = os.path.join(self.server.directory, "changing.zone")
        with open(path + ".new", "w", encoding="ascii") as file:
            for number in range(CHANGING):
                file.write(f"record-{number:09}.changing.example. 60 IN A "
                           f"10.{self.version % 256}.{number // 256}."
                           f"{number % 256}\n")
        os.rename(path + ".new", path)
        self.version += 1

    def run(self):
        while not self.over.wait(1.0):
            self.write()
            servers.send(self.server.process.pid, signal.SIGHUP)
            self.reloads += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def many_zones():
    """10,000 zones of ten records, as make bench loads them, and as many
    rules."""
    zones = subprocess.run(
        [os.path.join(servers.HERE, "configuration.sh"), "zones"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    rules = "".join(
        f"  - {{rule_name: rule-{i}, dns_name: blocked-{i}.example.org., "
        f"local_data: [{{name: blocked-{i}.example.org., type: A, ttl: 60, "
        f"rrdatas: [10.1.{i // 250}.{i % 250 + 1}]}}]}}\n"
        for i in range(10000))
    return zones + "response_policies:\n- name: many\n  rules:\n" + rules


def own_rows(bench):
    """W7, W8 and W9, each beside its own W1."""
    workload = BY_NAME["W1"]
    changing = ("zones:\n- {name: changing, dns_name: changing.example., "
                "records_file: changing.zone}\n")
    extras = {"W1": "", "W7": many_zones(),
              "W8": "query_log: {to: @DIR@/queries.log}\n", "W9": changing}
    there = {}
    for name, extra in extras.items():
        server = bench.server(RESOLVERD, extra)
        if name == "W9":
            os.makedirs(server.directory, exist_ok=True)
            changes = Changes(server)
            changes.write()
        server.start(bench.upstreams[False])
        if not server.wait("local"):
            raise RuntimeError(f"{name} does not start")
        server.rest()
        there[name] = server
    for number in range(bench.options.rounds):
        if number > 0 and bench.late():
            break
        for name, server in there.items():
            server.wake()
            server.load("local", *workload.warm)
            seconds = bench.options.own_seconds
            if name == "W9":
                with changes:
                    sample = server.load("changing", "-d", seconds)
                changes.thread = threading.Thread(target=changes.run)
                changes.over.clear()
            else:
                sample = server.load("local", "-d", seconds)
            server.rest()
            sample["round"] = number
            server.samples.append(sample)
    rows = {name: summary(server, None, there["W1"])
            for name, server in there.items()}
    there["W8"].wake()
    rows["W8"]["dropped"] = dropped(there["W8"])
    rows["W9"]["reloads"] = changes.reloads
    for server in there.values():
        server.wake()
        server.stop()
    return rows


def dropped(server):
    """Entries that the query log had to leave out."""
    servers.send(server.process.pid, signal.SIGUSR1)
    time.sleep(0.3)
    counts = re.findall(r"query_log_dropped[ =:]+(\d+)", server.said())
    return int(counts[-1]) if counts else None


def memory_rows(bench):
    """After the start, after local names, and after forwarded ones."""
    rows = []
    count = bench.options.memory_names
    kinds = [RESOLVERD, *bench.peers]
    while kinds and not bench.late():
        kind = kinds.pop(0)
        server = bench.server(kind)
        server.start(bench.upstreams[False])
        row = {"name": kind.name}
        if server.wait("local"):
            row["start"] = server.held("Rss")
            row["start_pss"] = server.held("Pss")
            server.load("many", "-n", count, "-d", 60)
            row["local"] = server.held("Rss")
            if "W4" in kind.workloads:
                server.load("new", "-n", count // 10, "-d", 60)
                row["forwarded"] = server.held("Rss")
            rows.append(row)
        server.stop()
    bench.left_out("memory", kinds)
    return rows


def start_rows(bench):
    """Milliseconds from exec to the first answer."""
    rows = {}
    for number in range(bench.options.starts):
        if number > 0 and bench.late():
            break
        for kind in [RESOLVERD, *bench.peers]:
            server = bench.server(kind)
            command = server.command(bench.upstreams[False])
            done = subprocess.run(
                ["taskset", "-c", str(servers.LOAD_CORE),
                 f"{bench.tools}/start", str(servers.SERVER_CORE),
                 server.address, *command], stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, cwd="/", text=True, check=False,
                timeout=60)
            bench.next_number -= 1
            if done.returncode == 0:
                rows.setdefault(kind.name, []).append(
                    int(done.stdout) / 1000)
    return [{"name": name, "ms": statistics.median(times)}
            for name, times in rows.items()]


def call_rows(bench):
    """System calls per query under full load."""
    if not servers.find("strace"):
        return None
    rows = {}
    kinds = [RESOLVERD, *bench.peers]
    while kinds and not bench.late():
        kind = kinds.pop(0)
        server = bench.server(kind)
        server.start(bench.upstreams[False])
        if server.wait("local"):
            rows[kind.name] = {
                name: traced(server, BY_NAME[name])
                for name in ("W1", "W3", "W4", "W6")
                if name in kind.workloads}
        server.stop()
    bench.left_out("system calls", kinds)
    return rows


def traced(server, workload):
    """None where nothing may be traced."""
    path = os.path.join(server.directory, "calls")
    server.load(workload.pattern, *workload.options, *workload.warm)
    which = [word for pid in server.pids() for word in ("-p", str(pid))]
    with subprocess.Popen(
            ["strace", "-f", "-c", "-o", path, *which],
            stderr=subprocess.DEVNULL, start_new_session=True) as strace:
        time.sleep(0.2)
        sample = server.load(workload.pattern, *workload.options,
                             "-d", server.bench.options.traced_seconds)
        strace.send_signal(signal.SIGINT)
    with open(path, encoding="ascii") as file:
        totals = [line.split() for line in file if line.endswith("total\n")]
    if not totals:
        return None
    # Percent, seconds, microseconds a call, calls, errors if any.
    return int(totals[-1][3]) / max(1, sample["answered"])


def malloc_rows(bench):
    """Allocations and releases per query, counted while it works."""
    rows = {}
    path = os.path.join(bench.work, "mallocs")
    for name in ("W1", "W3", "W4", "W6"):
        workload = BY_NAME[name]
        with open(path, "wb") as file:
            file.write(bytes(8))
        os.chmod(path, 0o666)
        server = bench.server(RESOLVERD)
        server.start(bench.upstreams[False], environment={
            "LD_PRELOAD": f"{bench.tools}/mallocs.so", "MALLOCS": path})
        if not server.wait(workload.pattern, *workload.options):
            continue
        server.load(workload.pattern, *workload.options, *workload.warm)
        before = counted(path)
        sample = server.load(workload.pattern, *workload.options, "-d", 0.5)
        rows[name] = (counted(path) - before, sample["answered"])
        server.stop()
    return rows


def counted(path):
    with open(path, "rb") as file:
        return struct.unpack("Q", file.read(8))[0]


def two_workers(bench):
    """Throughput of one worker and of two, all on both processors.  The load
    takes a share of both: of names served locally, as much as the server; of
    names forwarded, little."""
    patterns = {"W1": "local", "W4": "new"}
    cores = {servers.SERVER_CORE, servers.LOAD_CORE}
    many = ("-s", 32, "-f", 6)
    there = []
    for workers in (1, 2):
        kind = dataclasses.replace(RESOLVERD, workers=workers)
        server = bench.server(kind)
        server.start(bench.upstreams[False], cores)
        if not server.wait("local"):
            raise RuntimeError("two workers do not start")
        server.rest()
        there.append(server)
    rates = {}
    for name, pattern in patterns.items():
        for server in there:
            server.samples = []
        for _ in range(bench.options.rounds):
            for server in there:
                server.wake()
                server.load(pattern, *many, "-d", 0.1, core=cores)
                server.samples.append(server.load(
                    pattern, *many, "-d", bench.options.seconds, core=cores))
                server.rest()
        rates[name] = [median(server.samples, "rate") for server in there]
    for server in there:
        server.stop()
    return rates


def dnsperf_rows(bench):
    """What dnsperf has to say of W1, which takes more than some servers."""
    if not servers.find("dnsperf"):
        return None
    path = os.path.join(bench.work, "names")
    with open(path, "w", encoding="ascii") as file:
        for number in range(10000):
            file.write(f"svc-{number:07}-ab12cd34ef-uc.a.run.app A\n")
    workload = BY_NAME["W1"]
    peers = [kind for kind in bench.peers if "W1" in kind.workloads]
    there = bench.started(
        [echo("echo", "udp", bench.grown(workload), ("W1",)), RESOLVERD,
         *peers], workload)
    for number in range(bench.options.rounds):
        if number > 0 and bench.late():
            break
        for server in there:
            server.wake()
            before = server.cpu()
            said = subprocess.run(
                ["taskset", "-c", str(servers.LOAD_CORE), "dnsperf", "-s",
                 server.host, "-p", str(server.port), "-d", path, "-c", "8",
                 "-q", "192", "-l", "1"], stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True, check=True).stdout
            spent = server.cpu() - before
            server.rest()
            answered = int(re.search(r"completed:\s+(\d+)", said)[1])
            server.samples.append({"cpu": spent / 1000 / answered,
                                   "rate": answered, "round": number})
    rows = [{"name": server.kind.name, "cpu": median(server.samples, "cpu"),
             "rate": median(server.samples, "rate"),
             "ratio": ratio(server, there[0])} for server in there]
    for server in there:
        server.stop()
    return rows
