#!/usr/bin/env python3
"""Hands sockets over to a program as a service manager does.

hand_over.py udp:ADDRESS:PORT tcp:ADDRESS:PORT ... -- PROGRAM ARGUMENT...

A word without a colon is a file, handed over in a socket's place.
"""

import os
import socket
import sys

FIRST = 3
TYPES = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


def open_one(word):
    if ":" not in word:
        return os.open(word, os.O_RDONLY)
    name, rest = word.split(":", 1)
    address, port = rest.rsplit(":", 1)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, TYPES[name])
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((address, int(port)))
    if name == "tcp":
        sock.listen()
    return sock.detach()


def main():
    end = sys.argv.index("--")
    words = sys.argv[1:end]
    # Out of the way first: where they are to go others may be by now.
    spare = [os.dup2(open_one(word), 100 + i) for i, word in enumerate(words)]
    for i, fd in enumerate(spare):
        os.dup2(fd, FIRST + i, inheritable=True)
        os.close(fd)
    os.environ["LISTEN_FDS"] = str(len(words))
    os.environ["LISTEN_FDNAMES"] = ":".join(["dns"] * len(words))
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])


main()
