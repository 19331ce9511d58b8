#!/usr/bin/env python3
"""The shape of a JSON document: a line for each member, "path: type".

Elements of an array are taken together, "[]" in a path; a member that some
of them lack has "?" at its name, and one that is of several types them all.
What a map holds by names that are data, "*" in a path, is told once: give
those maps' paths as arguments.
"""

import json
import sys

MAPS = sys.argv[1:]


def kind(value):
    return {dict: "object", list: "array", str: "text", bool: "flag",
            int: "number", float: "number", type(None): "null"}[type(value)]


def members(path, values):
    if path in MAPS:
        yield path + ".*", [v for value in values for v in value.values()], ""
        return
    for name in dict.fromkeys(name for value in values for name in value):
        found = [value[name] for value in values if name in value]
        rare = "" if len(found) == len(values) else "?"
        yield f"{path}.{name}".lstrip("."), found, rare


def show(path, values, rare):
    if path:
        print(f"{path}{rare}: {' or '.join(sorted(set(map(kind, values))))}")
    for name, found, seldom in members(
            path, [value for value in values if isinstance(value, dict)]):
        show(name, found, seldom)
    elements = [e for value in values if isinstance(value, list) for e in value]
    if elements:
        show(path + "[]", elements, "")


show("", [json.load(sys.stdin)], "")
