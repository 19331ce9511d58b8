#!/usr/bin/env python3
"""query_log.py FILE [PATH=VALUE ...]: what Cloud Logging's entries hold.

Every line of FILE must be an object of the shape of dns_queries.  Prints how
many of them have all the values, each under its path: jsonPayload.queryName.
"""
import json
import sys

TOP = {"insertId", "jsonPayload", "logName", "resource", "severity",
       "timestamp"}
LABELS = {"location", "project_id", "source_type", "target_name",
          "target_type"}


def at(entry, path):
    for key in path.split("."):
        entry = entry.get(key, {}) if isinstance(entry, dict) else {}
    return entry


def matches(entry, wanted):
    return all(str(at(entry, path)) == value for path, value in wanted)


def main():
    wanted = [argument.split("=", 1) for argument in sys.argv[2:]]
    found = 0
    ids = set()
    with open(sys.argv[1], encoding="utf-8", errors="strict") as lines:
        for line in lines:
            entry = json.loads(line)
            assert set(entry) == TOP, line
            assert set(entry["resource"]["labels"]) == LABELS, line
            assert entry["resource"]["type"] == "dns_query", line
            assert entry["insertId"] not in ids, line
            ids.add(entry["insertId"])
            found += matches(entry, wanted)
    print(found)


main()
