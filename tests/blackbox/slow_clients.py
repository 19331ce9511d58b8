"""Holds SLOW slow TCP connections to a server, and asks it meanwhile.

usage: slow_clients.py SERVER SECONDS SLOW

Slow ones come from 127.0.1.1 and up, send an octet of a query a second, or
none, or ask and never read; whoever is hung up on comes back.  Honest clients
ask over new TCP connections and over UDP.  Prints how those fared.
"""

import socket
import struct
import sys
import time

PER_HOST = 40
NAME = b"\x03run\x03app\x00"
QUERY = struct.pack("!HHHHHH", 77, 0x100, 1, 0, 0, 0) + NAME + b"\0\1\0\1"
FRAME = struct.pack("!H", len(QUERY)) + QUERY


class Slow:
    """A connection that never gets anywhere."""

    def __init__(self, number, server):
        self.host = f"127.0.1.{1 + number // PER_HOST}"
        self.kind = number % 3
        self.server = server
        self.lives = 0
        self.sock = None
        self.open()

    def open(self):
        if self.sock is not None:
            self.sock.close()
        self.lives += 1
        self.at = 0
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.sock.bind((self.host, 0))
        self.sock.setblocking(False)
        self.sock.connect_ex((self.server, 53))

    def step(self):
        try:
            if self.kind == 0:
                self.sock.send(FRAME[self.at : self.at + 1])
                self.at = (self.at + 1) % len(FRAME)
            elif self.kind == 1:
                self.sock.send(FRAME * 64)
            elif self.sock.recv(1) == b"":
                self.open()
        except BlockingIOError:
            pass
        except OSError:
            self.open()


def ask_tcp(server):
    """Milliseconds that a query on a connection of its own takes, or None."""
    began = time.monotonic()
    try:
        with socket.create_connection((server, 53), timeout=3) as sock:
            sock.sendall(FRAME)
            answer = sock.recv(512)
    except OSError:
        return None
    if len(answer) < 14 or answer[5] & 15 != 0:
        return None
    return (time.monotonic() - began) * 1000


def ask_udp(server):
    began = time.monotonic()
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.settimeout(1)
        try:
            sock.sendto(QUERY, (server, 53))
            answer = sock.recv(512)
        except OSError:
            return None
    return (time.monotonic() - began) * 1000 if answer[3] & 15 == 0 else None


def tell(what, times):
    good = sorted(t for t in times if t is not None)
    p99 = good[int(len(good) * 0.99)] if good else 99999
    print(f"{what}_lost={len(times) - len(good)} {what}_all={len(times)} "
          f"{what}_p99_ms={p99:.0f}", end=" ")


def main():
    server = sys.argv[1]
    until = time.monotonic() + float(sys.argv[2])
    slow = [Slow(n, server) for n in range(int(sys.argv[3]))]
    tcp, udp = [], []
    while time.monotonic() < until:
        turn = time.monotonic() + 1
        for one in slow:
            one.step()
        while time.monotonic() < turn:
            tcp.append(ask_tcp(server))
            udp.append(ask_udp(server))
            time.sleep(0.02)
    tell("tcp", tcp)
    tell("udp", udp)
    print(f"lives={sum(one.lives for one in slow)}")


main()
