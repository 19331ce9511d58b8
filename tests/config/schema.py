#!/usr/bin/python3
"""The JSON Schema of the configuration against what it was made for.

It takes every configuration that is shipped or known to be good, refuses of
those known to be bad whatever a schema can see, and has the keys, defaults and
limits that resolverd.yaml(5) tells of.  RESOLVERCTL names the program.
"""

import collections
import glob
import json
import os
import re
import subprocess
import sys

import jsonschema
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BLIND = os.path.join(HERE, "schema-blind")
MANUAL = os.path.join(TOP, "resolverd", "resolverd.yaml.5")

failures = []


def fail(*words):
    failures.append(" ".join(str(word) for word in words))


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, by which editors read: `off` is text."""

    yaml_implicit_resolvers = {}


Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?[0-9]+\.[0-9]*$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("^(~|null|)$"), ["~", "n", ""])


def mapping(loader, node, deep=False):
    keys = [key.value for key, _ in node.value]
    twice = [key for key, n in collections.Counter(map(str, keys)).items()
             if n > 1]
    if twice:
        raise yaml.YAMLError(f"twice: {twice}")
    return yaml.SafeLoader.construct_mapping(loader, node, True)


def whole_number(loader, node):
    return int(node.value)


Loader.add_constructor("tag:yaml.org,2002:map", mapping)
Loader.add_constructor("tag:yaml.org,2002:int", whole_number)


def load(path):
    with open(path, "rb") as file:
        document = yaml.load(file, Loader)
    return {} if document is None else document


def made_schema():
    program = os.environ.get("RESOLVERCTL", "build/release/resolverctl")
    text = subprocess.run([program, "schema"], check=True,
                          capture_output=True).stdout
    return json.loads(text)


# Files.

def check_good(validator):
    paths = [os.path.join(TOP, "conf", "resolverd.yaml")]
    paths += glob.glob(os.path.join(TOP, "conf", "examples", "*.yaml"))
    paths += glob.glob(os.path.join(HERE, "good", "*.yaml"))
    for path in sorted(paths):
        for error in validator.iter_errors(load(path)):
            fail(path, "is refused:", list(error.absolute_path), error.message)
    return len(paths)


def is_refused(validator, path):
    """Whether an editor shows something; what is no YAML is that as well."""
    try:
        return not validator.is_valid(load(path))
    except (yaml.YAMLError, ValueError):
        return True


def check_bad(validator):
    """Only what is listed as out of a schema's sight may pass it."""
    with open(BLIND, encoding="ascii") as file:
        blind = {line.split()[0] for line in file
                 if line.strip() and not line.startswith("#")}
    paths = glob.glob(os.path.join(HERE, "bad", "*.yaml"))
    for path in sorted(paths):
        name = os.path.basename(path)[:-len(".yaml")]
        if is_refused(validator, path):
            if name in blind:
                fail(path, "is refused: take it off", BLIND)
        elif name not in blind:
            fail(path, "passes, and is not in", BLIND)
    return len(paths)


# Limits.

def texts_at(value):
    """A value of text at the upper limit, and one that is just past it."""
    most = value["maximum"]
    if "[kK]" in value["pattern"] and most % 1024 == 0:
        return f"{most // 1024}k", f"{most // 1024 + 1}k"
    if "ms" in value["pattern"]:
        return f"{most}s", f"{most + 1}s"
    return str(most), str(most + 1)


def check_limits(schema):
    """Numbers, written as such or as text, end where the keyword says."""
    count = 0
    for where, key, value in properties(schema):
        if not isinstance(value.get("type"), list):
            continue
        validator = jsonschema.Draft7Validator(value)
        good, bad = texts_at(value)
        if not validator.is_valid(good) or validator.is_valid(bad):
            fail(f"{where}/{key}: the text's limit is not the number's")
        count += 1
    if count == 0:
        fail("no number has a unit")


# The manual.

def properties(schema):
    """(mapping, key, what it is) of every key in its own spelling."""
    for name, part in [("", schema), *schema["definitions"].items()]:
        for key, value in part["properties"].items():
            is_alias = "$ref" in value
            is_ignored = list(value) == ["description"]
            if not is_alias and not is_ignored:
                yield name, key, value


def entries():
    """Each `.It Cm KEY : ...` of the manual with the text that follows."""
    with open(MANUAL, encoding="utf-8") as file:
        text = file.read()
    found = collections.defaultdict(list)
    parts = re.split(r"(?m)^\.It Cm (\w+) :.*$", text)
    for key, body in zip(parts[1::2], parts[2::2]):
        body = re.split(r"(?m)^\.(?:El|Sh|Ss)\b", body)[0]
        found[key].append(re.sub(r"(?m)^\.(Cm|Pq|Li|Bq) ", "", body))
    return found


UNITS = {"ms": 1, "s": 1000, "m": 60000, "h": 3600000, "d": 86400000,
         "seconds": 1000, "second": 1000}
SIZES = {"k": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def values_in(text, units):
    """Every number of a text, with its unit made into the least of them."""
    found = set()
    for digits, unit in re.findall(r"\b([0-9]+)\s?([a-zA-Z]*)\b", text):
        found.add(int(digits) * units.get(unit, 1))
    return found


def check_number(key, value, text):
    """M81: each limit stands in the manual, with its default."""
    units = {}
    bounds = [value["minimum"], value["maximum"]]
    default = value.get("default")
    if isinstance(value["type"], list):
        units = SIZES if "[kK]" in value["pattern"] else UNITS
        unit = 1 if units is SIZES else 1000
        bounds = [bound * unit for bound in bounds]
    told = values_in(text, units)
    if default is not None:
        first = re.fullmatch("([0-9]+)([a-zA-Z]*)", str(default))
        if int(first[1]) * units.get(first[2], 1) not in told:
            fail(MANUAL, f"{key}: the default is {default}")
    if bounds[1] not in told:
        fail(MANUAL, f"{key}: at most {bounds[1]}")
    if bounds[0] > 1000 and bounds[0] not in told:
        fail(MANUAL, f"{key}: at least {bounds[0]}")


def check_word(key, text):
    """The words stand in the heading."""
    if "default" not in text:
        fail(MANUAL, f"{key}: which of them is the default")


def check_list(key, value, text):
    most = value.get("maxItems")
    if most and most not in values_in(text, {}):
        fail(MANUAL, f"{key}: at most {most} entries")


def check_manual(schema):
    described = entries()
    known = set()
    for where, key, value in properties(schema):
        known.add(key)
        if key not in described:
            fail(MANUAL, f"does not tell of {key} of {where}")
            continue
        text = " ".join(described[key])
        if where == "" and "minimum" in value:
            check_number(key, value, text)
        elif where == "" and "enum" in value:
            check_word(key, text)
        elif where == "" and value.get("type") == "array":
            check_list(key, value, text)
    for key in described.keys() - known:
        fail(MANUAL, f"tells of {key}, which is no key")
    return len(known)


def main():
    schema = made_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    good = check_good(validator)
    bad = check_bad(validator)
    check_limits(schema)
    keys = check_manual(schema)
    for failure in failures:
        print("FAIL", failure, file=sys.stderr)
    print(f"schema: {good} good files, {bad} bad ones, {keys} keys, "
          f"{len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
