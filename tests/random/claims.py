#!/usr/bin/python3
"""The fact sheet's claims about the order, held against the reference.

Each row is a claim's number, what is set up, what is asked, and the line that
reference.canonical makes of the right answer ("..." stands for the SOA of
public DNS).  A row with one answer holds under both rules for CNAMEs.
"""

import copy
import sys

import reference

VIPS = ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]
PUBLIC = [
    ["public.test.", 300, "SOA", "ns. host. 1 3600 600 86400 300"],
    [".", 900, "SOA", "ns. host. 1 3600 600 86400 900"],
    ["www.public.test.", 200, "A", "203.0.113.5"],
    ["alias.public.test.", 200, "CNAME", "svc-x-uc.a.run.app."],
    ["svc-x-uc.a.run.app.", 90, "A", "203.0.113.9"],
    ["example.com.", 90, "A", "203.0.113.10"],
    ["www.example.com.", 90, "A", "203.0.113.11"],
    ["xrun.app.", 90, "A", "203.0.113.12"],
    ["www.googleapis.com.", 90, "A", "203.0.113.13"],
    ["x.p.googleapis.com.", 90, "A", "203.0.113.14"],
]
CORP = [
    ["corp.test.", 300, "SOA", "ns. host. 1 3600 600 86400 300"],
    ["m.corp.test.", 60, "CNAME", "www.public.test."],
    ["zero.corp.test.", 0, "A", "10.6.6.6"],
    ["a.run.app.", 300, "SOA", "ns. host. 1 3600 600 86400 300"],
    ["svc-x-uc.a.run.app.", 60, "A", "10.6.6.7"],
    ["x.a.run.app.", 60, "A", "10.6.6.8"],
    ["x.dev.gcp.test.", 60, "A", "10.6.6.9"],
    ["dev.gcp.test.", 300, "SOA", "ns. host. 1 3600 600 86400 300"],
]
SERVERS = {
    "192.0.2.53": {"world": "public"},
    "10.53.0.1": {"world": "corp"},
    "10.53.0.2": {"silent": True},
    "10.53.0.3": {"rcode": "REFUSED"},
}


def sets(*lines):
    """Record sets out of "OWNER TTL TYPE RDATA[, RDATA]"."""
    found = []
    for line in lines:
        owner, ttl, rtype, rdata = line.split(" ", 3)
        found.append({"name": owner, "ttl": int(ttl), "type": rtype,
                      "rrdatas": rdata.split(", ")})
    return found


def private(dns_name, *lines, networks=("default",), **more):
    return {"name": dns_name + "-".join(networks), "dns_name": dns_name,
            "private_visibility_config": {"networks": list(networks), **more},
            "record_sets": sets(*lines)}


def forwarding(dns_name, *addresses):
    return {"name": "f" + dns_name, "dns_name": dns_name,
            "forwarding_config": {"target_name_servers": [
                {"ipv4_address": a} for a in addresses]}}


def peering(dns_name, target, network="default"):
    return {"name": "p" + dns_name + network, "dns_name": dns_name,
            "private_visibility_config": {"networks": [network]},
            "peering_config": {"target_network": target}}


def policy(*rules, networks=("default",)):
    return {"response_policies": [{"name": "rp", "networks": list(networks),
                                   "rules": list(rules)}]}


def data(dns_name, ttl_type_rdata):
    return {"rule_name": dns_name, "dns_name": dns_name,
            "local_data": sets(f"{dns_name} {ttl_type_rdata}")}


def bypass(dns_name):
    return {"rule_name": dns_name, "dns_name": dns_name,
            "behavior": "bypassResponsePolicy"}


def outbound(*addresses):
    return {"policies": [{"name": "sp", "alternative_name_server_config": {
        "target_name_servers": [{"ipv4_address": a} for a in addresses]}}]}


def zones(*listed):
    return {"zones": list(listed)}


APEX = "run.app. 60 A " + ", ".join(VIPS)
Z_RUN = private("run.app.", APEX, "*.run.app. 60 CNAME run.app.")
Z_API = private("googleapis.com.",
                "restricted.googleapis.com. 300 A " + ", ".join(VIPS),
                "*.googleapis.com. 300 CNAME restricted.googleapis.com.")
Z_EX = private("example.com.",
               "*.images.example.com. 300 CNAME _static.example.com.",
               "srv1.images.example.com. 300 A 192.0.2.91",
               "_static.example.com. 300 A 192.0.2.92")
Z_G = private("gcp.test.", "www.gcp.test. 300 A 10.0.0.1",
              "x.dev.gcp.test. 300 A 10.0.0.2",
              'a.b.gcp.test. 300 TXT "t"',
              "ext.gcp.test. 300 CNAME www.public.test.",
              "in.gcp.test. 300 CNAME y.other.test.",
              "gone.gcp.test. 300 CNAME nope.other.test.")
Z_D = private("dev.gcp.test.")
Z_O = private("other.test.", "y.other.test. 120 A 10.0.9.9")
Z_LOOP = private("l.test.", "a.l.test. 60 CNAME b.l.test.",
                 "b.l.test. 60 CNAME a.l.test.")
Z_CHAIN = private("c.test.", *[f"c{i}.c.test. 60 CNAME c{i + 1}.c.test."
                               for i in range(17)],
                  "c17.c.test. 60 A 10.1.1.1")
F = forwarding("corp.test.", "10.53.0.1")
FOO = {**Z_RUN, "record_sets": Z_RUN["record_sets"] +
       sets("foo.a.run.app. 60 A 10.1.1.1")}
WITH_AAAA = {**Z_RUN, "record_sets": Z_RUN["record_sets"] +
             sets("run.app. 60 AAAA 2600:2d00:2:1000::")}
CLUSTER = {"networks": [{"name": "net", "clients": ["10.0.0.0/8"]}],
           "gke_clusters": [{"name": "cluster-a", "network": "net",
                             "clients": ["10.4.0.0/14"]}],
           "zones": [
               private("example.com.", "static.example.com. 60 A 10.4.4.4",
                       networks=(), gke_clusters=["cluster-a"]),
               private("static.example.com.", "static.example.com. 60 A "
                       "10.5.5.5", networks=("net",))]}
DNS64 = {"policies": [{"name": "sp", "dns64_config":
                       {"scope": {"all_queries": True}}}]}
INTERNAL = {"instances": [{"name": "vm", "zone": "z", "project": "p",
                           "network_ip": "10.9.0.5"}]}


def a(owner, ttl, *addresses):
    return " | ".join(f"{owner} {ttl} A {x}" for x in addresses)


def soa(owner, ttl=300):
    return f"SOA of {owner} {ttl}"


def peers(count):
    """A chain of networks, each with a peering zone to the next."""
    names = ["default"] + [f"v{i}" for i in range(2, count + 1)]
    links = [peering("peer.test.", there, here)
             for here, there in zip(names, names[1:])]
    return {"networks": [{"name": n} for n in names[1:]],
            "zones": links + [private("peer.test.",
                                      "h.peer.test. 60 A 10.8.8.8",
                                      networks=(names[-1],))]}


STAR_API = data("*.googleapis.com.", "60 A 10.3.3.3")
RUN_CHAIN = "x.a.run.app. 60 CNAME run.app."
RUN_A = a("run.app.", 60, *VIPS)
ALIAS = "alias.public.test. 200 CNAME svc-x-uc.a.run.app."
P_TEST = policy(data("p.test.", "60 CNAME www.public.test."))
P_LINK = "p.test. 60 CNAME www.public.test."

CLAIMS = [
    (1, zones(Z_RUN), "x.a.run.app A", f"NOERROR | {RUN_CHAIN} | {RUN_A}"),
    (2, zones(Z_RUN), "run.app A", f"NOERROR | {RUN_A}"),
    (3, zones(Z_RUN), "run.app AAAA", f"NOERROR | {soa('run.app.')}"),
    (4, zones(Z_RUN), "x.a.run.app AAAA",
     f"NOERROR | {RUN_CHAIN} | {soa('run.app.')}"),
    (5, zones(WITH_AAAA), "x.a.run.app AAAA",
     f"NOERROR | {RUN_CHAIN} | run.app. 60 AAAA 2600:2d00:2:1000::"),
    (6, zones(Z_RUN), "x.a.run.app CNAME", f"NOERROR | {RUN_CHAIN}"),
    (7, zones(Z_RUN), "x.a.run.app TXT",
     f"NOERROR | {RUN_CHAIN} | {soa('run.app.')}"),
    (8, zones(private("run.app.", APEX)), "x.a.run.app A",
     f"NXDOMAIN | {soa('run.app.')}"),
    (9, zones(Z_RUN), "*.run.app CNAME",
     "NOERROR | *.run.app. 60 CNAME run.app."),
    (10, zones(Z_RUN), "X.A.Run.APP A", f"NOERROR | {RUN_CHAIN} | {RUN_A}"),
    (11, zones(Z_RUN), "xrun.app A",
     "NOERROR | xrun.app. 90 A 203.0.113.12"),
    (12, zones(Z_RUN), "app A", "NOERROR | SOA of . 900"),
    (13, zones(Z_RUN), "run.app NS", "NOERROR | run.app. 21600 NS "
     "ns-gcp-private.googledomains.com."),
    (14, zones(Z_RUN), "run.app SOA", "NOERROR | run.app. 21600 SOA "
     "ns-gcp-private.googledomains.com. cloud-dns-hostmaster.google.com. "
     "1 21600 3600 259200 300"),
    (16, zones(private("s.test.", "s.test. 3600 SOA n. h. 1 2 3 4 300")),
     "x.s.test A", f"NXDOMAIN | {soa('s.test.')}"),
    (17, zones(private("s.test.", "s.test. 3600 SOA n. h. 1 2 3 4 60")),
     "x.s.test A", f"NXDOMAIN | {soa('s.test.', 60)}"),
    (18, zones(Z_G), "www.gcp.test AAAA", f"NOERROR | {soa('gcp.test.')}"),
    (19, zones(Z_G), "nope.gcp.test A", f"NXDOMAIN | {soa('gcp.test.')}"),
    (20, zones(Z_G), "b.gcp.test A", f"NOERROR | {soa('gcp.test.')}"),
    (21, zones(Z_G), "a.b.gcp.test TXT",
     'NOERROR | a.b.gcp.test. 300 TXT "t"'),
    (22, zones(Z_G), "gcp.test A", f"NOERROR | {soa('gcp.test.')}"),
    (23, zones(private("public.test.", networks=())), "www.public.test A",
     "NOERROR | www.public.test. 200 A 203.0.113.5"),
    (24, zones(private("run.app.", "*.run.app. 60 A 10.0.0.100",
                       "run.app. 60 A 10.0.0.100")), "x.a.run.app A",
     "NOERROR | x.a.run.app. 60 A 10.0.0.100"),
    (25, zones(Z_G, Z_D), "x.dev.gcp.test A",
     f"NXDOMAIN | {soa('dev.gcp.test.')}"),
    (26, zones(Z_G), "x.dev.gcp.test A",
     "NOERROR | x.dev.gcp.test. 300 A 10.0.0.2"),
    (27, zones(Z_G, Z_D), "www.gcp.test A",
     "NOERROR | www.gcp.test. 300 A 10.0.0.1"),
    (28, zones(Z_G, forwarding("dev.gcp.test.", "10.53.0.1")),
     "x.dev.gcp.test A", "NOERROR | x.dev.gcp.test. 60 A 10.6.6.9"),
    (29, zones(forwarding("gcp.test.", "10.53.0.1"), Z_D), "q.dev.gcp.test A",
     f"NXDOMAIN | {soa('dev.gcp.test.')}"),
    (30, zones(private("static.example.com.")), "example.com A",
     "NOERROR | example.com. 90 A 203.0.113.10"),
    (31, zones(Z_EX), "www.example.com A",
     f"NXDOMAIN | {soa('example.com.')}"),
    (33, CLUSTER, "static.example.com A from 10.4.0.1",
     "NOERROR | static.example.com. 60 A 10.4.4.4"),
    (34, CLUSTER, "static.example.com A from 10.1.0.1",
     "NOERROR | static.example.com. 60 A 10.5.5.5"),
    (34, CLUSTER, "example.com A from 10.1.0.1",
     "NOERROR | example.com. 90 A 203.0.113.10"),
    (35, CLUSTER, "www.example.com A from 10.4.0.1",
     f"NXDOMAIN | {soa('example.com.')}"),
    (36, {}, "nope.public.test A", f"NXDOMAIN | {soa('public.test.')}"),
    (37, {}, "www.public.test A",
     "NOERROR | www.public.test. 200 A 203.0.113.5"),
    (38, zones(private("10.internal.", "h.10.internal. 60 A 10.9.9.9")),
     "h.10.internal A", "NOERROR | h.10.internal. 60 A 10.9.9.9"),
    (39, zones(Z_EX), "a.images.example.com A", "NOERROR | a.images."
     "example.com. 300 CNAME _static.example.com. | "
     "_static.example.com. 300 A 192.0.2.92"),
    (40, zones(Z_EX), "public.srv1.images.example.com A",
     f"NOERROR | {soa('example.com.')}"),
    (41, zones(Z_EX), "srv1.images.example.com TXT",
     f"NOERROR | {soa('example.com.')}"),
    (42, zones(Z_EX), "images.example.com A",
     f"NOERROR | {soa('example.com.')}"),
    (43, zones(Z_EX), "a.b.images.example.com A", "NOERROR | a.b.images."
     "example.com. 300 CNAME _static.example.com. | "
     "_static.example.com. 300 A 192.0.2.92"),
    (44, zones(Z_EX), "other.example.com A",
     f"NXDOMAIN | {soa('example.com.')}"),
    (45, zones(FOO), "foo.a.run.app A", "NOERROR | foo.a.run.app. 60 A "
     "10.1.1.1"),
    (46, zones(FOO), "bar.a.run.app A", f"NOERROR | {soa('run.app.')}"),
    (47, zones(FOO), "a.run.app A", f"NOERROR | {soa('run.app.')}"),
    (48, zones(FOO), "bar.b.run.app A",
     f"NOERROR | bar.b.run.app. 60 CNAME run.app. | {RUN_A}"),
    (57, zones(Z_G, Z_O), "in.gcp.test A", "NOERROR | in.gcp.test. 300 CNAME "
     "y.other.test. | y.other.test. 120 A 10.0.9.9"),
    ((58, 68), zones(Z_G), "ext.gcp.test A",
     "NOERROR | ext.gcp.test. 300 CNAME www.public.test.",
     "NOERROR | ext.gcp.test. 300 CNAME www.public.test. | "
     "www.public.test. 200 A 203.0.113.5"),
    (59, zones(Z_G, Z_O), "gone.gcp.test A", "NXDOMAIN | gone.gcp.test. 300 "
     f"CNAME nope.other.test. | {soa('other.test.')}"),
    (60, zones(F), "m.corp.test A",
     "NOERROR | m.corp.test. 60 CNAME www.public.test.",
     "NOERROR | m.corp.test. 60 CNAME www.public.test. | "
     "www.public.test. 200 A 203.0.113.5"),
    ((61, 70), P_TEST, "p.test A", f"NOERROR | {P_LINK}",
     f"NOERROR | {P_LINK} | www.public.test. 200 A 203.0.113.5"),
    ((62, 65), zones(Z_RUN), "alias.public.test A",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 90 A 203.0.113.9",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 60 CNAME run.app. | {RUN_A}"),
    ((63, 66), policy(data("svc-x-uc.a.run.app.", "60 A 10.5.5.5")),
     "alias.public.test A",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 90 A 203.0.113.9",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 60 A 10.5.5.5"),
    (64, {**outbound("192.0.2.53"), **zones(Z_RUN)}, "alias.public.test A",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 90 A 203.0.113.9"),
    (67, zones(forwarding("a.run.app.", "10.53.0.1")), "alias.public.test A",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 90 A 203.0.113.9",
     f"NOERROR | {ALIAS} | svc-x-uc.a.run.app. 60 A 10.6.6.7"),
    (71, zones(Z_LOOP), "a.l.test A", "SERVFAIL"),
    (72, zones(Z_CHAIN), "c0.c.test A", "SERVFAIL"),
    (72, zones(Z_CHAIN), "c1.c.test A", "NOERROR | " + " | ".join(
        f"c{i}.c.test. 60 CNAME c{i + 1}.c.test." for i in range(1, 17)) +
     " | c17.c.test. 60 A 10.1.1.1"),
    (74, {**policy(data("svc.a.run.app.", "60 A 10.2.2.2")), **zones(Z_RUN)},
     "svc.a.run.app A", "NOERROR | svc.a.run.app. 60 A 10.2.2.2"),
    (75, policy(STAR_API), "storage.googleapis.com A",
     "NOERROR | storage.googleapis.com. 60 A 10.3.3.3"),
    (76, policy(STAR_API, bypass("www.googleapis.com.")),
     "www.googleapis.com A", "NOERROR | www.googleapis.com. 90 A "
     "203.0.113.13"),
    (77, {**policy(STAR_API, bypass("www.googleapis.com.")), **zones(Z_API)},
     "www.googleapis.com A", "NOERROR | www.googleapis.com. 300 CNAME "
     "restricted.googleapis.com. | " +
     a("restricted.googleapis.com.", 300, *VIPS),
     "NOERROR | www.googleapis.com. 300 CNAME restricted.googleapis.com. | "
     "restricted.googleapis.com. 60 A 10.3.3.3"),
    (78, policy(STAR_API, bypass("*.p.googleapis.com.")),
     "x.p.googleapis.com A", "NOERROR | x.p.googleapis.com. 90 A "
     "203.0.113.14"),
    (79, policy(data("*.test.", "60 A 10.0.0.7"),
                data("*.b.test.", "60 A 10.0.0.8")), "a.b.test A",
     "NOERROR | a.b.test. 60 A 10.0.0.8"),
    (80, policy(data("n.test.", "60 A 10.0.0.7")), "n.test AAAA", "NOERROR"),
    (81, policy(data("*.public.test.", "60 A 10.0.0.7")), "public.test A",
     f"NOERROR | {soa('public.test.')}"),
    (85, {**outbound("192.0.2.53"),
          **policy(data("www.public.test.", "60 A 10.2.2.2"))},
     "www.public.test A", "NOERROR | www.public.test. 200 A 203.0.113.5"),
    (86, zones(F), "zero.corp.test A", "NOERROR | zero.corp.test. 0 A "
     "10.6.6.6"),
    (87, zones(F), "nope.corp.test A", f"NXDOMAIN | {soa('corp.test.')}"),
    (88, zones(forwarding("corp.test.", "10.53.0.2")), "m.corp.test A",
     "SERVFAIL"),
    (89, zones(forwarding("corp.test.", "10.53.0.2", "10.53.0.1")),
     "zero.corp.test A", "NOERROR | zero.corp.test. 0 A 10.6.6.6"),
    (90, zones(forwarding("corp.test.", "10.53.0.3", "10.53.0.3")),
     "zero.corp.test A", "SERVFAIL"),
    (95, outbound("10.53.0.2", "192.0.2.53"), "www.public.test A",
     "NOERROR | www.public.test. 200 A 203.0.113.5"),
    (95, outbound("10.53.0.2", "10.53.0.2"), "www.public.test A", "SERVFAIL"),
    (96, outbound("192.0.2.53", "10.53.0.1"), "nope.public.test A",
     f"NXDOMAIN | {soa('public.test.')}"),
    (97, {**outbound("10.53.0.1"), **zones(Z_RUN)}, "x.a.run.app A",
     "NOERROR | x.a.run.app. 60 A 10.6.6.8"),
    (99, peers(2), "h.peer.test A", "NOERROR | h.peer.test. 60 A 10.8.8.8"),
    (100, peers(3), "h.peer.test A", "NOERROR | h.peer.test. 60 A 10.8.8.8"),
    (100, peers(4), "h.peer.test A", "SERVFAIL"),
    (101, {**peers(2), **policy(data("h.peer.test.", "60 A 10.2.2.2"),
                                networks=("v2",))}, "h.peer.test A",
     "NOERROR | h.peer.test. 60 A 10.2.2.2"),
    ("1.4", {**INTERNAL, **zones(private("internal."))}, "vm.c.p.internal A",
     "NOERROR | vm.c.p.internal. 60 A 10.9.0.5"),
    ("1.4", {**INTERNAL, **zones(private("vm.c.p.internal."))},
     "vm.c.p.internal A", f"NOERROR | {soa('vm.c.p.internal.')}"),
    ("3.4", INTERNAL, "5.0.9.10.in-addr.arpa PTR", "NOERROR | "
     "5.0.9.10.in-addr.arpa. 60 PTR vm.z.c.p.internal."),
    (119, {**DNS64, **zones(private("d.test.", "d.test. 60 A 32.34.50.60"))},
     "d.test AAAA", "NOERROR | d.test. 60 AAAA 64:ff9b::2022:323c"),
    (120, {**DNS64, **zones(WITH_AAAA)}, "run.app AAAA",
     "NOERROR | run.app. 60 AAAA 2600:2d00:2:1000::"),
    (121, zones(Z_O), "y.other.test AAAA",
     f"NOERROR | {soa('other.test.')}"),
    (122, {**DNS64, **zones(F)}, "zero.corp.test AAAA",
     "NOERROR | zero.corp.test. 0 AAAA 64:ff9b::a06:606"),
    (123, {**DNS64, **zones(Z_RUN)}, "x.a.run.app AAAA",
     f"NOERROR | {RUN_CHAIN} | " + " | ".join(
         f"run.app. 60 AAAA 64:ff9b::c724:99{n:02x}" for n in range(4, 8))),
]


def resolve(config, question, rule):
    words = question.split()
    client = words[3] if len(words) > 3 else "10.0.0.9"
    config = {"upstreams": ["192.0.2.53"], **copy.deepcopy(config)}
    resolver = reference.Reference(
        config, SERVERS, {"public": PUBLIC, "corp": CORP}, rule)
    return reference.canonical(resolver.resolve({
        "name": words[0] + ".", "type": words[1], "client": client,
        "local": "127.0.0.1"}))


def main():
    failed = 0
    for number, config, question, *answers in CLAIMS:
        for rule, expected in (("classic", answers[0]),
                               ("per_hop", answers[-1])):
            came = resolve(config, question, rule)
            if came != expected:
                failed += 1
                print(f"claim {number}, {rule}: {question}\n"
                      f"  expected {expected}\n  came     {came}")
    print(f"claims: {len(CLAIMS)} rows, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
