#!/usr/bin/python3
"""Where resolvers answer the same questions differently.

    peers.py QUESTIONS EXPECTED NAME=ADDRESS NAME=ADDRESS ...

Asks every address all of QUESTIONS, a name and a type a line, by UDP with
EDNS, and holds the first one's answers against the others': status, flags,
answer and authority sections without TTLs.  EXPECTED is the list of known
differences, one a line: the peer, what differs, the names' group (their first
label), the type, how often; then a colon and the reason.  Prints what is not
in the list, and what is in it and not so any more.
"""

import collections
import socket
import struct
import sys

TYPES = {"A": 1, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28,
         "SRV": 33, "HTTPS": 65, "ANY": 255, "CAA": 257}
# Octets before the names in RDATA, and how many names there are.
NAMES_IN = {2: (0, 1), 5: (0, 1), 6: (0, 2), 12: (0, 1), 15: (2, 1),
            33: (6, 1)}
FLAGS = {0x0400: "aa", 0x0200: "tc", 0x0100: "rd", 0x0080: "ra", 0x0020: "ad"}
OPT = 41
EDNS = struct.pack("!BHHIH", 0, OPT, 1232, 0, 0)


def question_wire(number, name, rtype):
    labels = b"".join(bytes([len(part)]) + part.encode()
                      for part in name.split("."))
    return (struct.pack("!6H", number, 0x0100, 1, 0, 0, 1) + labels + b"\0" +
            struct.pack("!2H", TYPES[rtype], 1) + EDNS)


def read_name(wire, at):
    """The name at an offset, in lower case, and where it ends."""
    labels = []
    end = None
    while wire[at]:
        if wire[at] >= 0xc0:
            end = end or at + 2
            at = struct.unpack_from("!H", wire, at)[0] & 0x3fff
        else:
            labels.append(wire[at + 1:at + 1 + wire[at]].decode("latin-1"))
            at += 1 + wire[at]
    return ".".join(labels).lower(), end or at + 1


def read_record(wire, at):
    """A record as something to compare, and where it ends."""
    owner, at = read_name(wire, at)
    rtype, _, _, size = struct.unpack_from("!HHIH", wire, at)
    at += 10
    end = at + size
    fixed, names = NAMES_IN.get(rtype, (size, 0))
    rdata = [wire[at:at + fixed]]
    at += fixed
    for _ in range(names):
        name, at = read_name(wire, at)
        rdata.append(name)
    return (owner, rtype, *rdata, wire[at:end]), end


def read_answer(wire):
    _, flags, _, answers, authorities, _ = struct.unpack_from("!6H", wire)
    at = read_name(wire, 12)[1] + 4
    sections = []
    for count in answers, authorities:
        records = set()
        for _ in range(count):
            record, at = read_record(wire, at)
            records.add(record)
        sections.append(records)
    return {"status": flags & 15, "answer": sections[0],
            "authority": sections[1],
            "flags": " ".join(v for k, v in FLAGS.items() if flags & k)}


def ask_all(address, questions):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(6)
        asker.connect((address, 53))
        for number, (name, rtype) in enumerate(questions):
            wire = question_wire(number, name, rtype)
            asker.send(wire)
            answer = asker.recv(4096)
            if answer[:2] != wire[:2]:
                sys.exit(f"{address}: {name} {rtype}: another id")
            yield read_answer(answer)


def known(path):
    rows = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                what, why = line.split(":", 1)
                *key, times = what.split()
                if not why.strip():
                    sys.exit(f"without a reason: {line}")
                rows[tuple(key)] = int(times)
    return rows


def main():
    questions_path, expected_path, *resolvers = sys.argv[1:]
    with open(questions_path, encoding="ascii") as file:
        questions = [line.split() for line in file]
    (_, address), *peers = [r.split("=") for r in resolvers]
    ours = list(ask_all(address, questions))
    rows = known(expected_path)
    count = collections.Counter()
    example = {}
    for peer, address in peers:
        theirs = ask_all(address, questions)
        for (name, rtype), mine, its in zip(questions, ours, theirs):
            for field in (f for f in mine if mine[f] != its[f]):
                key = peer, field, name.split(".")[0].lower(), rtype
                count[key] += 1
                example[key] = f"{name}: {mine[field]} / {its[field]}"
    wrong = [key for key in sorted(count.keys() | rows.keys())
             if count[key] != rows.get(key, 0)]
    for key in wrong:
        print(*key, count[key], "and not", rows.get(key, 0), ":",
              example.get(key, ""))
    print(len(questions), "questions,", sum(count.values()),
          "differences of", len(count), "kinds")
    sys.exit(1 if wrong else 0)


main()
