#!/usr/bin/python3
"""Asks the engine and the reference the same random questions.

compare.py --drive PROGRAM [--seed TEXT] [--queries N] [--case N] [--keep DIR]

A case is a configuration, servers around it and a hundred questions, each
asked under both rules for CNAMEs.  The first difference ends the run: it is
made small, printed, and kept as files that `drive` takes.
"""

import argparse
import copy
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile

import generate
import reference

QUESTIONS = 100
RULES = sorted(reference.CHASE)
RCODES = {"FORMERR": 1, "SERVFAIL": 2, "NOTIMPL": 4, "REFUSED": 5}


def server_line(address, does):
    what = " ".join(f"{key} {RCODES.get(value, value)}"
                    if value is not True else key
                    for key, value in does.items())
    return f"server {address} {what}"


def case_lines(case):
    """What drive reads."""
    for name, records in sorted(case["worlds"].items()):
        yield f"world {name}"
        for owner, ttl, rtype, rdata in records:
            yield f"record {owner} {ttl} IN {rtype} {rdata}"
    for address, does in sorted(case["servers"].items()):
        yield server_line(address, does)
    for q in case["questions"]:
        yield "question %s %s %s %s %s" % (
            q["client"], q["local"], q["name"], q["type"],
            "do_cd" if q["do_cd"] else "")


def write(case, rules, directory):
    """The files of a case; -> drive's arguments.  JSON is YAML, too."""
    paths = [os.path.join(directory, "case")]
    with open(paths[0], "w") as out:
        out.writelines(line + "\n" for line in case_lines(case))
    for rule in rules:
        paths.append(os.path.join(directory, rule + ".yaml"))
        with open(paths[-1], "w") as out:
            json.dump({**case["config"], "cname_chasing": rule}, out, indent=1)
            out.write("\n")
    return paths


def engine_lines(drive, case, rules, directory):
    """The engine's answers; those of the rules follow one another."""
    run = subprocess.run([drive] + write(case, rules, directory), text=True,
                         capture_output=True, timeout=60)
    return run.stdout.splitlines() if run.returncode == 0 else None, \
        run.stderr


def reference_lines(case, rules):
    lines = []
    for rule in rules:
        resolver = reference.Reference(case["config"], case["servers"],
                                       case["worlds"], rule)
        lines += [reference.canonical(resolver.resolve(q))
                  for q in case["questions"]]
    return lines


def differences(drive, case, rules, directory):
    """-> [(question's number, rule, engine's line, reference's line)]"""
    came, complaint = engine_lines(drive, case, rules, directory)
    expected = reference_lines(case, rules)
    if came is None or len(came) != len(expected):
        return [(0, None, "drive failed: " + complaint, "")]
    count = len(case["questions"])
    return [(i % count, rules[i // count], a, b)
            for i, (a, b) in enumerate(zip(came, expected)) if a != b]


# Making a difference small.

LISTS = ["networks", "gke_clusters", "zones", "response_policies", "policies",
         "instances", "upstreams"]


def lists_of(case):
    """Everything that parts may be taken out of, the largest parts first."""
    config = case["config"]
    found = [config[key] for key in LISTS if key in config]
    for zone in config["zones"]:
        found.append(zone.get("record_sets", []))
        found.append(zone.get("forwarding_config", {})
                     .get("target_name_servers", []))
    found += [policy["rules"] for policy in config["response_policies"]]
    found += case["worlds"].values()
    for record_set in [s for zone in config["zones"]
                       for s in zone.get("record_sets", [])]:
        found.append(record_set["rrdatas"])
    return found + [case["questions"]]


def kind(found):
    """What a difference must keep while all around it goes away."""
    return found[1], found[2].split(" ")[0], found[3].split(" ")[0]


def still_differs(drive, case, wanted, directory):
    """Whether the last question still makes the same kind of difference."""
    try:
        found = differences(drive, case, [wanted[1]], directory)
    except (KeyError, ValueError, StopIteration):
        return False
    return any(f[0] == len(case["questions"]) - 1 and kind(f) == kind(wanted)
               for f in found)


def without(case, place, at, count):
    smaller = copy.deepcopy(case)
    del lists_of(smaller)[place][at:at + count]
    return smaller


def shrink_list(case, place, differs):
    """Takes parts out of a list: all of it, halves, quarters, ..."""
    count = len(lists_of(case)[place])
    while count > 0:
        at = 0
        while at < len(lists_of(case)[place]):
            tried = without(case, place, at, count)
            if differs(tried):
                case = tried
            else:
                at += count
        count //= 2
    return case


def shrink(case, number, differs):
    """The same difference with as little around it as can be."""
    # What was asked before may matter: the engine has a cache.
    alone = {**case, "questions": [case["questions"][number]]}
    if differs(alone):
        case = alone
    else:
        case = {**case, "questions": case["questions"][:number + 1]}
    size = None
    while size != len(json.dumps(case)):
        size = len(json.dumps(case))
        place = 0
        while place < len(lists_of(case)):
            case = shrink_list(case, place, differs)
            place += 1
    return case


def used_servers(case):
    text = json.dumps(case["config"])
    return {**case, "servers": {address: does for address, does
                                in case["servers"].items()
                                if f'"{address}"' in text}}


def report(drive, case, found, directory):
    number, rule = found[:2]
    wanted = found
    if rule is not None:
        case = used_servers(shrink(
            case, number,
            lambda tried: still_differs(drive, tried, wanted, directory)))
        found = differences(drive, case, [rule], directory)[-1]
        print(json.dumps(case["config"], indent=1))
        print("\n".join(case_lines(case)))
        print(f"rule       {rule}")
    write(case, RULES, directory)
    print(f"engine     {found[2]}\nreference  {found[3]}")
    print(f"kept       {drive} {directory}/case {directory}/*.yaml")


def run_case(work):
    """-> (case's number, the first difference or None)"""
    drive, seed, number = work
    case = generate.case(f"{seed}/{number}", QUESTIONS)
    with tempfile.TemporaryDirectory() as directory:
        found = differences(drive, case, RULES, directory)
    return number, found[0] if found else None


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--drive", required=True)
    parser.add_argument("--seed", default=os.urandom(4).hex())
    parser.add_argument("--queries", type=int, default=100000)
    parser.add_argument("--case", type=int, help="only this case of the seed")
    parser.add_argument("--keep", default=tempfile.gettempdir(),
                        help="where the files of a difference go")
    parser.add_argument("--all", action="store_true",
                        help="count the cases that differ, do not stop")
    return parser.parse_args()


def main():
    args = arguments()
    per_case = QUESTIONS * len(RULES)
    numbers = range(-(-args.queries // per_case))
    if args.case is not None:
        numbers = [args.case]
    print(f"random: seed {args.seed}", flush=True)
    differ = []
    with multiprocessing.Pool() as pool:
        work = [(args.drive, args.seed, number) for number in numbers]
        for number, found in pool.imap(run_case, work):
            if found is None:
                continue
            differ.append(number)
            print(f"random: case {number} of seed {args.seed} differs: "
                  f"{found[1]}\n  engine     {found[2]}"
                  f"\n  reference  {found[3]}", flush=True)
            if not args.all:
                break
    if not differ:
        print(f"random: {len(numbers) * per_case} answers agree")
        return 0
    directory = os.path.join(args.keep, f"{args.seed}-{differ[0]}")
    os.makedirs(directory, exist_ok=True)
    case = generate.case(f"{args.seed}/{differ[0]}", QUESTIONS)
    found = differences(args.drive, case, RULES, directory)
    report(args.drive, case, found[0], directory)
    return 1


if __name__ == "__main__":
    sys.exit(main())
