#!/usr/bin/env python3
"""journal.py SOCKET FILE: as journald takes entries; each goes to FILE."""
import os
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
    journal.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o666)
    with open(sys.argv[2], "ab", buffering=0) as out:
        while True:
            out.write(journal.recv(65536) + b"\n")
