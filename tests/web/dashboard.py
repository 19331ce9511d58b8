#!/usr/bin/env python3
"""dashboard.py DASHBOARD PROMETHEUS METRICS RULES: each expression of the
dashboard is one that Prometheus can evaluate, and it and the alert rules name
no metric but those in METRICS, a scrape."""
import json
import re
import sys
import urllib.parse
import urllib.request

DASHBOARD, PROMETHEUS, METRICS, RULES = sys.argv[1:]


def expressions():
    with open(DASHBOARD, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    for panel in panels:
        for target in panel["targets"]:
            yield (target["expr"].replace("$instance", ".+")
                   .replace("$__rate_interval", "10s"))


def fault_of(expression):
    url = (PROMETHEUS + "/api/v1/query?" +
           urllib.parse.urlencode({"query": expression}))
    try:
        with urllib.request.urlopen(url, timeout=10):
            return None
    except urllib.error.HTTPError as error:
        return json.load(error)["error"]


with open(METRICS, encoding="utf-8") as scrape:
    there = set(re.findall(
        r"^(?:# TYPE )?(resolverd_[a-z0-9_]+)", scrape.read(), re.M))
with open(RULES, encoding="utf-8") as file:
    rules = file.read()
bad = False
for text in [*expressions(), rules]:
    for name in set(re.findall(r"resolverd_[a-z0-9_]+", text)) - there:
        print("there is no metric", name)
        bad = True
for text in expressions():
    fault = fault_of(text)
    if fault:
        print(f"{text}: {fault}")
        bad = True
sys.exit(bad)
