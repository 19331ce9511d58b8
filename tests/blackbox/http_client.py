#!/usr/bin/env python3
"""HTTP clients that no library would be.

    http_client.py ADDRESS PORT raw           sends standard input, prints what
                                              comes until the server closes
    http_client.py ADDRESS PORT drip          an octet a second: how it ends
    http_client.py ADDRESS PORT crowd N       N connections at a time
    http_client.py ADDRESS PORT storm SECONDS all of them and garbage, at once
    http_client.py ADDRESS PORT deaf PATH     asks and never reads: how long
                                              the server puts up with it
"""
import random
import select
import socket
import sys
import time

ADDRESS, PORT, WHAT = sys.argv[1], int(sys.argv[2]), sys.argv[3]
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(source=None):
    client = socket.socket(
        socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET)
    client.settimeout(15)
    if source:
        client.bind((source, 0))
    client.connect((ADDRESS, PORT))
    return client


def read_all(client):
    data = b""
    try:
        while True:
            part = client.recv(65536)
            if not part:
                return data
            data += part
    except ConnectionResetError:
        return data + b"\nRESET\n"


def raw():
    client = connect()
    client.sendall(sys.stdin.buffer.read())
    sys.stdout.buffer.write(read_all(client))


def drip():
    client = connect()
    began = time.monotonic()
    try:
        for octet in REQUEST + REQUEST:
            client.sendall(bytes([octet]))
            if select.select([client], [], [], 1)[0]:
                break
    except OSError:
        pass
    status = read_all(client).split(b"\r\n")[0].decode()
    print(f"{status} after {time.monotonic() - began:.0f} s")


def crowd():
    clients = [connect() for _ in range(int(sys.argv[4]))]
    time.sleep(0.3)
    for client in clients:
        client.sendall(REQUEST)
    counts = {}
    for client in clients:
        status = read_all(client).split(b" ")[1].decode()
        counts[status] = counts.get(status, 0) + 1
    print(*(f"{status}:{counts[status]}" for status in sorted(counts)))


def deaf():
    client = connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    path = sys.argv[4].encode()
    client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(8)
    try:
        while True:
            client.sendall(b"x")
            time.sleep(0.2)
    except OSError:
        print("closed")


def storm():
    until = time.monotonic() + float(sys.argv[4])
    chance = random.Random(1)
    held = []
    sent = 0
    while time.monotonic() < until:
        source = f"127.0.0.{chance.randint(1, 200)}"
        try:
            client = connect(source)
            client.setblocking(False)
            client.send(chance.choice([
                b"",
                REQUEST[:20],
                REQUEST,
                b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 2000,
                bytes(chance.getrandbits(8) for _ in range(500)),
                b"POST /x HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
            ]))
            held.append(client)
            sent += 1
        except OSError:
            pass
        if len(held) > 300:
            held.pop(chance.randrange(len(held))).close()
    print(f"{sent} connections")


{"raw": raw, "drip": drip, "crowd": crowd, "deaf": deaf,
 "storm": storm}[WHAT]()
