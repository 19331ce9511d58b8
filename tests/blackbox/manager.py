#!/usr/bin/env python3
"""A service manager's ear, and its means to hold a thread.

manager.py listen SOCKET FILE   writes each line that comes by SOCKET to FILE
manager.py hold TID             holds one thread until it is ended itself
"""

import ctypes
import os
import signal
import socket
import sys

SEIZE = 0x4206
INTERRUPT = 0x4207
WALL = 0x40000000


def listen(path, name):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    os.chmod(path, 0o777)
    with open(name, "ab", buffering=0) as out:
        while True:
            out.write(sock.recv(4096) + b"\n")


def hold(tid):
    libc = ctypes.CDLL(None, use_errno=True)
    for request in (SEIZE, INTERRUPT):
        if libc.ptrace(request, tid, None, None) != 0:
            sys.exit(os.strerror(ctypes.get_errno()))
    os.waitpid(tid, WALL)
    print("held", flush=True)
    signal.pause()


if sys.argv[1] == "listen":
    listen(sys.argv[2], sys.argv[3])
else:
    hold(int(sys.argv[2]))
