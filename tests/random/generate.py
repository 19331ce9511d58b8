"""Random networks and the questions that are worth asking there.

Everything is drawn from few labels, so that names meet: zones in zones,
rules over zones, CNAMEs from anything into anything.
"""

import random

LABELS = ["a", "b", "c", "www", "*"]
TOPS = ["x.", "y.", "test."]
TYPES = ["A", "AAAA", "TXT", "MX"]
QUESTION_TYPES = ["A"] * 8 + ["AAAA"] * 4 + ["TXT"] * 2 + \
    ["CNAME", "MX", "SOA", "NS", "PTR"]
TTLS = [0, 1, 30, 60, 300, 3600]
PROJECTS = ["p1", "p2"]
PUBLIC_SERVERS = ["192.0.2.53", "198.51.100.53"]
ERRORS = ["SERVFAIL", "REFUSED", "NOTIMPL", "FORMERR"]
SILENT = 0.15


def under(label, name):
    """A name one label below another, the root too."""
    return label + "." + ("" if name == "." else name)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.serial = 0
        self.names = set()          # worth to point at and to ask for
        self.sets = []              # every set, its CNAMEs filled in last
        self.seen_from = {}         # network or cluster -> its sets
        self.servers = {a: {"world": "public"} for a in PUBLIC_SERVERS}
        self.worlds = {}

    # Dice.

    def chance(self, probability):
        return self.random.random() < probability

    def number(self, low, high):
        return self.random.randint(low, high)

    def one(self, items):
        return self.random.choice(sorted(items))

    def some(self, items, at_least=0):
        items = sorted(items)
        return self.random.sample(
            items, self.number(min(at_least, len(items)), len(items)))

    def fresh(self):
        self.serial += 1
        return self.serial

    # Names.

    def below(self, name, depth, stars=True):
        """A name at or up to depth labels below another."""
        for _ in range(self.number(0, depth)):
            label = self.random.choice(LABELS if stars else LABELS[:-1])
            name = under(label, name)
        return name

    def mixed_case(self, name):
        return "".join(c.upper() if self.chance(0.5) else c for c in name)

    # Record sets.

    def rdata(self, rtype):
        n = self.fresh()
        if rtype == "CNAME":
            return None
        if rtype == "A":
            return f"10.77.{n // 250 % 250}.{n % 250 + 1}"
        if rtype == "AAAA":
            return f"2001:db8::{n % 0xffff + 1:x}"
        if rtype == "MX":
            return f"10 mx{n}.test."
        return f'"t{n}"'

    def record_sets_at(self, owner, cname_allowed):
        """One name's sets: a CNAME, to be filled in, or some others."""
        self.names.add(owner)
        if cname_allowed and self.chance(0.45):
            types = ["CNAME"]
        else:
            types = self.some(TYPES[:2], 1) if self.chance(0.8) else \
                self.some(TYPES, 1)
        sets = [{
            "name": owner, "type": rtype, "ttl": self.one(TTLS),
            "rrdatas": [self.rdata(rtype) for _ in range(
                1 if rtype == "CNAME" else self.number(1, 3))],
        } for rtype in types]
        self.sets += sets
        return sets

    def record_sets(self, apex, count):
        """A zone's sets, each owner once."""
        owners = {self.below(apex, 3) for _ in range(count)}
        sets = []
        for owner in sorted(owners):
            sets += self.record_sets_at(owner, owner != apex)
        return sets

    def link(self):
        """Points each CNAME somewhere, often at another one."""
        for place in sorted(self.seen_from):
            sets = self.seen_from[place]
            for record_set in sets:
                if record_set["rrdatas"] == [None]:
                    record_set["rrdatas"] = [self.target(sets)]
            if self.chance(0.3):
                self.chain(sets)
        for record_set in self.sets:
            if record_set["rrdatas"] == [None]:
                record_set["rrdatas"] = [self.target(self.sets)]

    def target(self, sets):
        """Two times of three what can be seen from the same place."""
        name = self.random.choice(sets)["name"] if self.chance(0.65) else \
            self.one(self.names)
        if self.chance(0.1):
            name = self.below(name, 1)
        return self.mixed_case(name) if self.chance(0.05) else name

    def chain(self, sets):
        """Links names one after the other, up to and over the limit."""
        links = [s for s in sets if s["type"] == "CNAME"]
        self.random.shuffle(links)
        links = links[:self.number(10, 19)]
        for here, there in zip(links, links[1:]):
            here["rrdatas"] = [there["name"]]

    def ladder(self, containers):
        """Fresh CNAMEs from zone to zone, about as many as there may be."""
        containers = self.random.sample(
            containers, min(len(containers), self.number(1, 3)))
        length = self.number(15, 19)
        names = [under(f"l{i}", self.random.choice(containers)[0])
                 for i in range(length + 1)]
        homes = dict(containers)
        for here, there in zip(names, names[1:] + [None]):
            homes[here.split(".", 1)[1] or "."].append({
                "name": here, "type": "CNAME" if there else "A", "ttl": 60,
                "rrdatas": [there or self.rdata("A")]})
        self.show([{"name": name} for name in names[:4]],
                  sorted(self.seen_from))

    def peering_chain(self, networks, zones):
        """One name handed from network to network, perhaps too often."""
        chain = self.random.sample(networks, len(networks))
        zones += [{"name": f"hop{i}", "dns_name": "hop.",
                   "private_visibility_config": {"networks": [here]},
                   "peering_config": {"target_network": there}}
                  for i, (here, there) in enumerate(zip(chain, chain[1:]))]
        zones.append({"name": "hop", "dns_name": "hop.",
                      "private_visibility_config": {"networks": [chain[-1]]},
                      "record_sets": self.record_sets("hop.", 3)})
        self.show(zones[-1]["record_sets"], chain)

    def show(self, sets, places):
        for place in places:
            self.seen_from.setdefault(place, []).extend(sets)

    # The outside.

    def world(self, name, suffixes, everywhere):
        soas = {suffix: self.one([30, 60, 300]) for suffix in suffixes}
        if everywhere:
            soas["."] = 900
        sets = []
        for suffix in sorted(soas):
            if suffix != ".":
                sets += self.record_sets(suffix, self.number(3, 9))
        merged = {(s["name"], s["type"]): s for s in sets
                  if s["type"] != "CNAME" or s["name"] not in soas}
        lone = {n for n, t in merged if t == "CNAME"}
        sets = [s for (n, t), s in sorted(merged.items())
                if t == "CNAME" or n not in lone]
        self.show(sets, [name])
        sets += [{"name": apex, "type": "SOA", "ttl": ttl, "rrdatas": [
            f"ns.{name}. hostmaster.{name}. 1 3600 600 86400 {ttl}"]}
            for apex, ttl in sorted(soas.items())]
        self.worlds[name] = sets

    def targets(self, world, errors):
        """Addresses of servers: some silent, errors all of one kind."""
        targets = []
        error = self.one(ERRORS) if errors and self.chance(0.3) else None
        for _ in range(self.number(1, 3)):
            n = self.fresh()
            address = f"10.53.{n // 250}.{n % 250 + 1}"
            if self.chance(SILENT):
                self.servers[address] = {"silent": True}
            elif error and (errors == "all" or self.chance(0.5)):
                self.servers[address] = {"rcode": error}
            else:
                self.servers[address] = {"world": world}
                if errors == "some" and self.chance(0.25):
                    self.servers[address]["aaaa"] = "SERVFAIL"
            targets.append({"ipv4_address": address})
        # Next to one that answers, silence must not cost the time of the
        # hops that follow.
        does = [self.servers[t["ipv4_address"]] for t in targets]
        if any("silent" not in d for d in does):
            for behaviour in does:
                if behaviour.pop("silent", False):
                    behaviour["unreachable"] = True
        return targets

    # The inside.

    def networks(self):
        names = [f"net{i}" for i in range(1, self.number(1, 4) + 1)]
        networks = []
        for i, name in enumerate(names, 1):
            network = {"name": name}
            if self.chance(0.8):
                network["clients"] = [f"10.{i}.0.0/16"]
                if i > 1 and self.chance(0.3):
                    network["clients"].append(f"10.1.{i}.0/24")
            if "clients" not in network or self.chance(0.3):
                network["listen"] = [f"127.0.0.{i + 1}"]
            networks.append(network)
        return networks

    def clusters(self, networks):
        clusters = []
        for i in range(1, self.number(0, 2) + 1):
            clusters.append({
                "name": f"cluster{i}",
                "network": self.one([n["name"] for n in networks] +
                                    ["default"]),
                "clients": [f"10.{i}.128.0/17"]})
            if self.chance(0.2):
                clusters[-1]["listen"] = [f"127.0.1.{i}"]
        return clusters

    def visibility(self, networks, clusters):
        """Where a zone or policy is, in the forms the API has."""
        places = self.some(networks, 1)
        if clusters and self.chance(0.4):
            return [], self.some(clusters, 1)
        return places, self.some(clusters) if self.chance(0.2) else []

    def lists(self, networks, clusters):
        lists = {"networks": [
            n if self.chance(0.7) else
            {"network_url": f"projects/p1/global/networks/{n}"}
            for n in networks]}
        if clusters:
            lists["gke_clusters"] = [
                c if self.chance(0.7) else {
                    "gke_cluster_name":
                        f"projects/p1/locations/europe-west1/clusters/{c}"}
                for c in clusters]
        if not networks and self.chance(0.5):
            del lists["networks"]
        return lists

    def zones(self, suffixes, networks, clusters):
        taken = set()
        zones = []
        for i in range(self.number(2, 12)):
            dns_name = self.one(suffixes)
            kind = self.random.choices(
                ["private", "forwarding", "peering"], [6, 2, 2])[0]
            places, scopes = self.visibility(networks, clusters)
            producer = self.one(networks)
            if kind == "peering":
                places = [p for p in places if p != producer]
                scopes = []
            places = [p for p in places if (p, dns_name) not in taken]
            scopes = [s for s in scopes if (s, dns_name) not in taken]
            if not places and not scopes and self.chance(0.9):
                continue
            taken.update((p, dns_name) for p in places + scopes)
            zone = {"name": f"z{i}", "dns_name": dns_name}
            if places != ["default"] or scopes or self.chance(0.5):
                zone["private_visibility_config"] = self.lists(places, scopes)
            self.zone_content(zone, kind, producer)
            self.show(zone.get("record_sets", []), places + scopes)
            zones.append(zone)
            self.names.add(dns_name)
        return zones

    def zone_content(self, zone, kind, producer):
        if kind == "peering":
            zone["peering_config"] = {
                "target_network": producer if self.chance(0.5) else
                {"network_url": producer}}
        elif kind == "forwarding":
            world = self.one(set(self.worlds))
            zone["forwarding_config"] = {
                "target_name_servers": self.targets(world, "some")}
        else:
            zone["record_sets"] = self.record_sets(zone["dns_name"],
                                                   self.number(0, 14))
            if self.chance(0.2):
                zone["record_sets"].append(self.soa(zone["dns_name"]))

    def soa(self, apex):
        minimum = self.one([60, 300, 900])
        return {"name": apex, "type": "SOA", "ttl": self.one([30, 300, 21600]),
                "rrdatas": ["ns-gcp-private.googledomains.com. "
                            "cloud-dns-hostmaster.google.com. "
                            f"1 21600 3600 259200 {minimum}"]}

    def response_policies(self, networks, clusters):
        policies = []
        networks, clusters = list(networks), list(clusters)
        for i in range(self.number(0, 2)):
            places = self.some(networks, 1) if networks else []
            scopes = self.some(clusters)
            networks = [n for n in networks if n not in places]
            clusters = [c for c in clusters if c not in scopes]
            if places or scopes:
                policies.append({"name": f"rp{i}",
                                 **self.lists(places, scopes),
                                 "rules": self.rules(places + scopes)})
        return policies

    def rules(self, places):
        rules = {}
        for i in range(self.number(1, 7)):
            dns_name = self.below(self.one(self.names), 1)
            if self.chance(0.4):
                dns_name = "*." + dns_name
            if dns_name in rules:
                continue
            self.names.add(dns_name)
            rule = {"rule_name": f"r{i}", "dns_name": dns_name}
            if self.chance(0.3):
                rule["behavior"] = "bypassResponsePolicy"
            else:
                sets = self.record_sets_at(dns_name, True)
                self.show(sets, places)
                rule["local_data"] = {"local_datas": sets} if \
                    self.chance(0.5) else sets
            rules[dns_name] = rule
        return list(rules.values())

    def policies(self, networks):
        policies = []
        for network in networks:
            policy = {"name": f"sp-{network}", "networks": [network]}
            if self.chance(0.12):
                world = self.one(set(self.worlds))
                policy["alternative_name_server_config"] = {
                    "target_name_servers": self.targets(world, "all")}
            if self.chance(0.3):
                policy["dns64_config"] = {
                    "scope": {"all_queries": self.chance(0.8)}}
            if len(policy) > 2:
                policies.append(policy)
        return policies

    def instances(self, networks):
        vms = []
        for i in range(self.number(0, 4) if self.chance(0.6) else 0):
            vm = {"name": f"vm{i}",
                  "zone": self.one(["us-east1-b", "us-east1-c"]),
                  "project": self.one(PROJECTS),
                  "network": self.one(networks),
                  "network_ip": self.one(["10.9.0.", "172.20.1.",
                                          "192.168.3.", "203.0.113."])
                  + str(i + 1)}
            if self.chance(0.3):
                vm["ipv6_address"] = f"fd00::{i + 1}"
            apex = f"c.{vm['project']}.internal."
            self.names.update([
                apex, f"{vm['name']}.{apex}", "metadata.google.internal.",
                f"{vm['name']}.{vm['zone']}.{apex}"])
            vms.append(vm)
        return vms

    # All of it.

    def suffixes(self, vms):
        """Names of zones: few, many of them parents of others."""
        found = {self.below(self.random.choice(TOPS), 2, stars=False)
                 for _ in range(self.number(3, 9))}
        if vms:
            found.update(self.some([
                "internal.", "c.p1.internal.", "us-east1-b.c.p1.internal.",
                "google.internal.", "10.in-addr.arpa.",
                "9.10.in-addr.arpa."])[:2])
        if self.chance(0.03):
            found.add(".")
        return found

    def questions(self, count, networks, clusters):
        places = [("10.200.0.1", "127.0.0.1", "default")]
        for place in networks + clusters:
            local = place.get("listen", ["127.0.0.1"])[0]
            for prefix in place.get("clients", ["10.201.0.0/16"]):
                places.append((prefix.split("/")[0][:-1] + "9", local,
                               place["name"]))
        questions = []
        for _ in range(count):
            client, local, place = self.random.choice(places)
            if self.chance(0.02):
                local = self.random.choice(places)[1]
            questions.append({
                "name": self.question_name(place),
                "type": self.random.choice(QUESTION_TYPES),
                "client": client, "local": local,
                "do_cd": self.chance(0.03)})
        return questions

    def question_name(self, place):
        sets = self.seen_from.get(
            place if self.chance(0.8) else "public")
        name = self.random.choice(sets)["name"] if \
            sets and self.chance(0.7) else self.one(self.names)
        roll = self.random.random()
        if roll < 0.10:
            name = self.below(name, 2)
        elif roll < 0.20 and name != ".":
            name = self.below(name.split(".", 1)[1] or ".", 1)
        elif roll < 0.24:
            name = ("" if name == "." else name).join(["*.", ""])
        elif roll < 0.26:
            name = self.below(self.random.choice(TOPS), 4)
        return self.mixed_case(name) if self.chance(0.1) else name

    def case(self, questions):
        networks = self.networks()
        clusters = self.clusters(networks)
        where = [n["name"] for n in networks] + ["default"]
        vms = self.instances(where)
        suffixes = self.suffixes(vms)
        self.world("public", self.some(suffixes, 1), True)
        self.world("recursive", self.some(suffixes, 1), True)
        self.world("bare", self.some(suffixes, 1), False)
        scopes = [c["name"] for c in clusters]
        config = {
            "mode": "off",
            "allow": ["0.0.0.0/0", "::/0"],
            "upstreams": PUBLIC_SERVERS[:self.number(1, 2)],
            "internal_dns_order": self.one(["by_suffix", "last"]),
            "response_policy_missing_type": self.one(["nodata", "resolve"]),
            "networks": networks,
            "gke_clusters": clusters,
            "zones": self.zones(suffixes, where, scopes),
            "response_policies": self.response_policies(where, scopes),
            "policies": self.policies(where),
            "instances": vms,
        }
        if self.chance(0.3):
            self.peering_chain(where, config["zones"])
        self.link()
        if self.chance(0.3):
            self.ladder([(z["dns_name"], z["record_sets"])
                         for z in config["zones"] if "record_sets" in z] +
                        [(s["name"], self.worlds["public"])
                         for s in self.worlds["public"]
                         if s["type"] == "SOA" and s["name"] != "."])
        return {"config": config, "servers": self.servers,
                "worlds": {name: self.world_records(world)
                           for name, world in self.worlds.items()},
                "questions": self.questions(questions, networks, clusters)}

    @staticmethod
    def world_records(sets):
        return [[s["name"].lower(), s["ttl"], s["type"],
                 rdata.lower() if s["type"] == "CNAME" else rdata]
                for s in sets for rdata in s["rrdatas"]]


def case(seed, questions):
    """A configuration, the servers around it and questions, of a seed."""
    return Generator(seed).case(questions)
