"""The VPC name resolution order, as slow and plain as it can be written down.

This is a second reading of the fact sheet's section 1 (with 2.2 wildcards,
3 negative answers, 5 response policies, 6.3 peering and 6.5 DNS64, to which
it refers), made without a look at the resolver's own.  It takes the same
configuration, reads it anew for every question, and keeps nothing between
questions.  Where the sheet leaves something open, what resolverd promises in
resolverd.yaml(5) holds; those places say "open:".
"""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import NamedTuple

HOP_LIMIT = 16
HANDOVER_LIMIT = 2
INTERNAL_TTL = 60               # open
DNS64_PREFIX = int(ip_address("64:ff9b::"))
DNS64_TTL_WITHOUT_SOA = 600
DEFAULT_NS = "ns-gcp-private.googledomains.com."
DEFAULT_SOA = DEFAULT_NS + (
    " cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300")
APEX_TTL = 21600


class Record(NamedTuple):
    owner: str
    ttl: int
    type: str
    rdata: str


@dataclass
class Reply:
    """What a client, or one step of the order, gets to see."""
    rcode: str
    records: list = field(default_factory=list)
    soa: tuple = None       # (owner, TTL) of the SOA in authority
    source: str = None      # which row of the table of section 1.5
    refused: bool = False   # forwarding targets answered, all with errors


# Names are lower-case text with the final dot.

def labels(name):
    return [label for label in name.split(".") if label]


def parent(name):
    return name.split(".", 1)[1] or "."


def is_under(name, suffix):
    """Whether suffix is name or an ancestor of it, by whole labels."""
    count = len(labels(suffix))
    return count == 0 or labels(name)[-count:] == labels(suffix)


def ancestors(name):
    """Of a.b.c.: b.c., then c., then the root."""
    found = []
    while name != ".":
        name = parent(name)
        found.append(name)
    return found


def star(name):
    return "*." if name == "." else "*." + name


def longest(candidates, suffix_of):
    """The candidate with the longest suffix, None when there are none."""
    return max(candidates, key=lambda c: len(labels(suffix_of(c))),
               default=None)


def last_component(text):
    return text.split("/")[-1]


def lower_if_name(rdata, rtype):
    return rdata.lower() if rtype in ("CNAME", "PTR", "NS", "MX", "SOA") \
        else rdata


def records_of(sets, owner=None):
    """The records of record sets, all under another owner if one is given."""
    return [
        Record(owner or s["name"].lower(), s["ttl"], s["type"],
               lower_if_name(rdata, s["type"]))
        for s in sets for rdata in s["rrdatas"]
    ]


def pick(records, rtype):
    """Of one name's records: those of a type, in their absence a CNAME."""
    return [r for r in records if r.type == rtype] or \
        [r for r in records if r.type == "CNAME"]


# Zone data: sections 2.2 and 3.

class PrivateZone:
    def __init__(self, dns_name, records):
        self.dns_name = dns_name
        apex_types = {r.type for r in records if r.owner == dns_name}
        self.records = list(records)
        if "NS" not in apex_types:
            self.records.append(Record(dns_name, APEX_TTL, "NS", DEFAULT_NS))
        if "SOA" not in apex_types:
            self.records.append(Record(dns_name, APEX_TTL, "SOA", DEFAULT_SOA))
        # A name exists when it has records or something below it has.
        self.names = {dns_name}
        for record in self.records:
            for name in [record.owner] + ancestors(record.owner):
                if is_under(name, dns_name):
                    self.names.add(name)

    def soa(self):
        """Section 3.3: the SOA of a negative answer."""
        record = next(r for r in self.records if r.type == "SOA")
        return (self.dns_name, min(record.ttl, int(record.rdata.split()[-1])))

    def at(self, name):
        return [r for r in self.records if r.owner == name]

    def positive_or_nodata(self, found):
        return Reply("NOERROR", found, None if found else self.soa())

    def answer(self, name, rtype):
        """Section 2.2."""
        if name in self.names:
            return self.positive_or_nodata(pick(self.at(name), rtype))
        encloser = next(a for a in ancestors(name) if a in self.names)
        if star(encloser) in self.names:
            found = pick(self.at(star(encloser)), rtype)
            return self.positive_or_nodata(
                [r._replace(owner=name) for r in found])
        # Google's exception: a node between a wildcard and the name.
        for above in ancestors(encloser):
            if is_under(above, self.dns_name) and star(above) in self.names \
                    and star(above) != encloser:
                return Reply("NOERROR", [], self.soa())
        return Reply("NXDOMAIN", [], self.soa())


# Everybody else's name servers.

class World:
    """What a set of servers knows."""

    def __init__(self, records):
        self.records = [Record(*r) for r in records]
        self.soas = {r.owner: r.ttl for r in self.records if r.type == "SOA"}
        self.names = set()
        for record in self.records:
            self.names.update([record.owner] + ancestors(record.owner))

    def knows(self, name):
        return any(is_under(name, owner) for owner in self.soas)

    def negative(self, rcode, chain, name):
        owner = longest([o for o in self.soas if is_under(name, o)],
                        lambda o: o)
        return Reply(rcode, chain, (owner, self.soas[owner]))

    def answer(self, name, rtype):
        """As a recursive server would: with the chain to its end."""
        chain = []
        if not self.knows(name):
            return Reply("REFUSED")
        while True:
            if not self.knows(name):
                return Reply("NOERROR", chain)
            if name not in self.names:
                return self.negative("NXDOMAIN", chain, name)
            found = pick([r for r in self.records if r.owner == name], rtype)
            if not found:
                return self.negative("NOERROR", chain, name)
            if found[0].type == rtype:
                return Reply("NOERROR", chain + found)
            chain += found
            if len(chain) > HOP_LIMIT:
                return Reply("SERVFAIL")
            name = found[0].rdata


# The steps of the order, and which of them may answer for the target of a
# CNAME: section 1.5, a row for each source of the CNAME.

CLUSTER_POLICY = "cluster-scoped response policies"
CLUSTER_ZONES = "cluster-scoped private zones"
SERVERS = "alternative name servers"
POLICY = "VPC response policy"
ZONES = "VPC-authorised zones"
INTERNAL = "Compute Engine internal zones"
PUBLIC = "public DNS"

NOTHING = set()
EVERYTHING = {CLUSTER_POLICY, CLUSTER_ZONES, SERVERS, POLICY, ZONES, INTERNAL,
              PUBLIC}

CHASE = {
    "classic": {
        "private zone": {CLUSTER_ZONES, ZONES},
        "forwarding zone": NOTHING,
        "response policy": NOTHING,
        "alternative name servers": NOTHING,
        "internal zone": NOTHING,
        "public": {INTERNAL, PUBLIC},
    },
    "per_hop": {
        "private zone": EVERYTHING,
        "forwarding zone": EVERYTHING,
        "response policy": EVERYTHING,
        # The servers answer every name, and what they answer is final.
        "alternative name servers": NOTHING,
        "internal zone": EVERYTHING,
        "public": EVERYTHING,
    },
}


class View(NamedTuple):
    """From where a name is looked up."""
    network: str
    cluster: str = None
    handovers: int = 0


class Reference:
    def __init__(self, config, servers, worlds, rule):
        self.config = config
        self.servers = servers      # address -> behaviour
        self.worlds = {name: World(world) for name, world in worlds.items()}
        self.rule = rule
        self.private = {}           # zone's name -> PrivateZone
        for zone in config.get("zones", []):
            self.private[zone["name"]] = PrivateZone(
                zone["dns_name"].lower(),
                records_of(zone.get("record_sets", [])))

    # Who asks.

    def view_of(self, client, local):
        """Whose listen address was asked, else who has the longest prefix.

        open: which one; a place that gives both wants both.
        """
        def prefix(place):
            return max((ip_network(p).prefixlen
                        for p in place.get("clients", [])
                        if ip_address(client) in ip_network(p)), default=None)

        def is_asked(place):
            return local in place.get("listen", []) + \
                place.get("inbound_entry_points", [])

        clusters = self.config.get("gke_clusters", [])
        places = clusters + self.config.get("networks", [])
        asked = [p for p in places if is_asked(p) and
                 ("clients" not in p or prefix(p) is not None)]
        near = [p for p in places if "listen" not in p and
                prefix(p) is not None]
        place = asked[0] if asked else max(near, key=prefix, default=None)
        if place is None:
            return View("default")
        if place in clusters:
            return View(place.get("network", "default"), place["name"])
        return View(place["name"])

    # What a network or a cluster has.

    def zones_of(self, kind, name):
        return [z for z in self.config.get("zones", [])
                if name in self.visible(z.get("private_visibility_config", {
                    "networks": ["default"]}), kind)]

    def policy_of(self, kind, name):
        return next((p for p in self.config.get("response_policies", [])
                     if name in self.visible(p, kind) or
                     (name, kind) == ("default", "networks") and
                     "networks" not in p and "gke_clusters" not in p), None)

    def server_policy_of(self, network):
        return next((p for p in self.config.get("policies", [])
                     if network in self.visible({"networks": ["default"],
                                                 **p}, "networks")), {})

    @staticmethod
    def visible(lists, kind):
        """The names of networks or of clusters in a list of either form."""
        url = {"networks": "network_url", "gke_clusters": "gke_cluster_name"}
        return [last_component(item if isinstance(item, str)
                               else item[url[kind]])
                for item in lists.get(kind, [])]

    def internal_zones_of(self, network):
        """Section 3.4, of the VMs in a network."""
        found = {}
        vms = [vm for vm in self.config.get("instances", [])
               if last_component(vm.get("network", "default")) == network]
        if not vms:
            return []
        for apex in ["google.internal.", "10.in-addr.arpa.",
                     "168.192.in-addr.arpa."] + \
                [f"{n}.172.in-addr.arpa." for n in range(16, 32)]:
            found[apex] = []
        found["google.internal."].append(
            Record("metadata.google.internal.", 3600, "A", "169.254.169.254"))
        for vm in vms:
            apex = f"c.{vm['project']}.internal."
            zonal = f"{vm['name']}.{vm['zone']}.{apex}"
            for owner in (zonal, f"{vm['name']}.{apex}"):
                for rtype, key in (("A", "network_ip"),
                                   ("AAAA", "ipv6_address")):
                    if key in vm:
                        found.setdefault(apex, []).append(
                            Record(owner, INTERNAL_TTL, rtype, vm[key]))
            reverse = ip_address(vm["network_ip"]).reverse_pointer + "."
            for apex in found:
                if is_under(reverse, apex):
                    found[apex].append(
                        Record(reverse, INTERNAL_TTL, "PTR", zonal))
        return [PrivateZone(apex, records) for apex, records in found.items()]

    # Sections 1.2 and 1.3: the order.  A step answers, or has None to say.

    def order(self, view, stages, name, rtype):
        """-> (view, reply); reply is None when no step that may answer did."""
        steps = [
            (CLUSTER_POLICY, self.cluster_policy),
            (CLUSTER_ZONES, self.cluster_zones),
            (SERVERS, self.alternative_servers),
            (POLICY, self.vpc_policy),
            (ZONES, self.vpc_zones),
            (INTERNAL, self.internal),
            (PUBLIC, self.public),
        ]
        for stage, step in steps:
            if stage not in stages:
                continue
            reply = step(view, stages, name, rtype)
            if isinstance(reply, View):     # a peering zone: a new resolution
                return self.hand_over(reply, name, rtype)
            if reply is not None:
                return view, reply
        return view, None

    def cluster_policy(self, view, stages, name, rtype):
        return self.response_policy(
            self.policy_of("gke_clusters", view.cluster), name, rtype)

    def cluster_zones(self, view, stages, name, rtype):
        zone = self.match(self.zones_of("gke_clusters", view.cluster), name)
        return zone and self.zone(zone, view, name, rtype)

    def alternative_servers(self, view, stages, name, rtype):
        policy = self.server_policy_of(view.network)
        config = policy.get("alternative_name_server_config")
        if not config:
            return None
        for target in config["target_name_servers"]:
            reply = self.ask(target, name, rtype)
            if reply is not None:
                reply.source = "alternative name servers"
                return reply
        return Reply("SERVFAIL")

    def vpc_policy(self, view, stages, name, rtype):
        return self.response_policy(
            self.policy_of("networks", view.network), name, rtype)

    def vpc_zones(self, view, stages, name, rtype):
        zone = self.match(self.zones_of("networks", view.network), name)
        internal = self.internal_match(view, name)
        # Section 1.4: compared by suffix length, private wins ties.
        if zone and internal and INTERNAL in stages and \
                self.config.get("internal_dns_order") != "last" and \
                len(labels(internal.dns_name)) > len(labels(zone["dns_name"])):
            return None
        return zone and self.zone(zone, view, name, rtype)

    def internal(self, view, stages, name, rtype):
        zone = self.internal_match(view, name)
        if zone is None:
            return None
        reply = zone.answer(name, rtype)
        reply.source = "internal zone"
        return reply

    def public(self, view, stages, name, rtype):
        upstreams = [{"ipv4_address": a} for a in self.config["upstreams"]]
        return self.forward(upstreams, "public", name, rtype)

    # Section 5.

    def response_policy(self, policy, name, rtype):
        if policy is None:
            return None
        # A wildcard's suffix is what stands behind the star.
        rule = longest([r for r in policy["rules"]
                        if self.selects(r["dns_name"].lower(), name)],
                       lambda r: r["dns_name"].removeprefix("*."))
        if rule is None or "behavior" in rule:
            return None
        data = rule["local_data"]
        sets = data["local_datas"] if isinstance(data, dict) else data
        found = pick(records_of(sets, owner=name), rtype)
        if not found and \
                self.config.get("response_policy_missing_type") == "resolve":
            return None
        return Reply("NOERROR", found, None, "response policy")

    @staticmethod
    def selects(selector, name):
        if selector == name:
            return True
        if not selector.startswith("*."):
            return False
        suffix = selector[2:] or "."
        return is_under(name, suffix) and name != suffix

    # Section 1.4.

    @staticmethod
    def match(zones, name):
        return longest(
            [z for z in zones if is_under(name, z["dns_name"].lower())],
            lambda z: z["dns_name"])

    def internal_match(self, view, name):
        return longest([z for z in self.internal_zones_of(view.network)
                        if is_under(name, z.dns_name)], lambda z: z.dns_name)

    def zone(self, zone, view, name, rtype):
        if "peering_config" in zone:
            target = zone["peering_config"]["target_network"]
            if not isinstance(target, str):
                target = target["network_url"]
            return View(last_component(target), None, view.handovers + 1)
        if "forwarding_config" in zone:
            return self.forward(zone["forwarding_config"]
                                ["target_name_servers"], "forwarding zone",
                                name, rtype)
        reply = self.private[zone["name"]].answer(name, rtype)
        reply.source = "private zone"
        return reply

    def hand_over(self, view, name, rtype):
        """Section 6.3."""
        if view.handovers > HANDOVER_LIMIT:
            return view, Reply("SERVFAIL")
        return self.order(view, EVERYTHING, name, rtype)

    # Section 6.1: an error is no answer, the next target is asked.

    def forward(self, targets, source, name, rtype):
        refused = False
        for target in targets:
            reply = self.ask(target, name, rtype)
            if reply is not None and reply.rcode in ("NOERROR", "NXDOMAIN"):
                reply.source = source
                return reply
            refused |= reply is not None
        return Reply("SERVFAIL", refused=refused)

    def ask(self, target, name, rtype):
        """A server's reply; None when it is silent."""
        address = target.get("ipv4_address") or target.get("ipv6_address")
        does = self.servers[address]
        if rtype == "AAAA" and "aaaa" in does:
            return Reply(does["aaaa"])
        if "world" in does:
            return self.worlds[does["world"]].answer(name, rtype)
        return Reply(does["rcode"]) if "rcode" in does else None

    # Section 1.5: the chain.

    def chain(self, view, name, rtype):
        records = []
        stages = EVERYTHING
        while True:
            view, reply = self.order(view, stages, name, rtype)
            if reply is None:       # nobody may follow: the CNAMEs alone
                return Reply("NOERROR", records)
            if reply.rcode not in ("NOERROR", "NXDOMAIN"):
                return Reply(reply.rcode, refused=reply.refused)
            stages = CHASE[self.rule][reply.source]
            first = reply.records[0] if reply.records else None
            if not stages or first is None or first.type != "CNAME" or \
                    rtype == "CNAME":
                records += reply.records
                break
            # Whoever gave the link, its target runs the order by itself.
            records.append(first)
            if len(records) > HOP_LIMIT:
                return Reply("SERVFAIL")
            name = first.rdata
        if sum(r.type == "CNAME" for r in records) > HOP_LIMIT:
            return Reply("SERVFAIL")
        return Reply(reply.rcode, records, reply.soa)

    # Section 6.5.

    def resolve(self, question):
        name, rtype = question["name"].lower(), question["type"]
        view = self.view_of(question["client"], question["local"])
        reply = self.chain(view, name, rtype)
        dns64 = self.server_policy_of(view.network).get("dns64_config")
        if not dns64 or not dns64["scope"]["all_queries"] or \
                rtype != "AAAA" or question.get("do_cd"):
            return reply
        # open: RFC 6147 section 5.1.2 takes an error for an empty answer.
        # That holds for forwarding targets; an alternative server's response
        # is final.
        is_nodata = reply.rcode == "NOERROR" and \
            not any(r.type == "AAAA" for r in reply.records)
        if not is_nodata and not reply.refused:
            return reply
        of_a = self.chain(view, name, "A")
        if not any(r.type == "A" for r in of_a.records):
            return reply if is_nodata else of_a
        limit = reply.soa[1] if reply.soa else DNS64_TTL_WITHOUT_SOA
        return Reply("NOERROR", [self.synthesised(r, limit)
                                 for r in of_a.records])

    @staticmethod
    def synthesised(record, limit):
        if record.type != "A":
            return record
        address = ip_address(DNS64_PREFIX | int(ip_address(record.rdata)))
        return Record(record.owner, min(record.ttl, limit), "AAAA",
                      str(address))


def canonical(reply):
    """One line: rcode, answer in order but sorted inside an RRset, SOA."""
    groups = []
    for record in reply.records:
        if not groups or groups[-1][0][::2] != record[::2]:
            groups.append([])
        groups[-1].append(record)
    parts = [reply.rcode]
    for group in groups:
        parts += sorted("%s %d %s %s" % record for record in group)
    if reply.soa:
        parts.append("SOA of %s %d" % reply.soa)
    return " | ".join(parts)
