#!/usr/bin/python3
"""Makes calls of a running daemon fail, one at a time, and asks it.

failing.py calls PLAN PID         every call, error and a few places
failing.py memory PLAN PID        every allocation of traffic and reloads
failing.py start PLAN COMMAND...  every allocation of a start

PLAN is the file that failing.c maps.  Names served locally must be answered
all the while, names that are forwarded at least in the end, and the process
must live.
"""

import errno
import itertools
import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

SERVER = ("127.0.0.1", 53)
TCP_PATIENCE = 0.5
UDP_PATIENCE = (0.3, 0.5, 1.0)
FORWARD_PATIENCE = (0.3, 1.5, 5.0)
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3

ERRORS = ("EINTR", "EAGAIN", "ENOBUFS", "ENOMEM", "EMFILE", "EPERM",
          "ENETUNREACH")
PLACES = (0, 1, 2)
STORM = 20
# What a call is met by; those of `reload` are not on the way of a query.
QUERY_CALLS = ("socket", "bind", "connect", "accept4", "send", "sendmsg",
               "sendmmsg", "recv", "recvmmsg", "epoll_ctl", "setsockopt",
               "write", "readv", "writev")
RELOAD_CALLS = ("read", "open", "fopen", "getifaddrs", "open_memstream",
                "eventfd_read", "eventfd_write")
RANDOM_CALLS = ("getrandom",)
MANY = 200  # questions that use up what randomness was taken at a time
ALLOCATIONS = ("malloc", "calloc", "realloc", "reallocarray", "strdup")


class Plan:
    """The file that failing.c looks at before each call."""

    LAYOUT = struct.Struct("=iiiii24s")

    def __init__(self, path):
        # Never cut: a daemon that runs has it mapped.
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), self.LAYOUT.size)

    def arm(self, call, error, skip, times=1):
        self.map[:] = self.LAYOUT.pack(0, error, skip, times, 0,
                                       call.encode())
        self.map[0:4] = struct.pack("=i", 1)

    def disarm(self):
        """Returns how many calls failed."""
        self.map[0:4] = struct.pack("=i", 0)
        return self.LAYOUT.unpack(self.map[:])[4]


def die(text):
    print(f"not ok {text}")
    sys.exit(1)


def question(name, rtype, ident):
    labels = b"".join(bytes([len(label)]) + label.encode()
                      for label in name.split("."))
    return (struct.pack("!6H", ident, 0x0100, 1, 0, 0, 0) + labels + b"\0" +
            struct.pack("!2H", rtype, 1))


idents = itertools.count(1)
uniques = itertools.count(1)


def ask_udp(name, rtype=1, patience=UDP_PATIENCE):
    """The rcode and the number of answers, or None."""
    for wait in patience:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            ident = next(idents) & 0xffff
            client.connect(SERVER)
            client.settimeout(wait)
            client.send(question(name, rtype, ident))
            try:
                answer = client.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                continue
            if answer[:2] == struct.pack("!H", ident):
                return answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
    return None


def receive(client, length):
    data = b""
    while len(data) < length:
        part = client.recv(length - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def ask_tcp(name, rtype=1, tries=3):
    for _ in range(tries):
        try:
            with socket.create_connection(SERVER, TCP_PATIENCE) as client:
                message = question(name, rtype, next(idents) & 0xffff)
                client.sendall(struct.pack("!H", len(message)) + message)
                length = struct.unpack("!H", receive(client, 2))[0]
                answer = receive(client, length)
                return answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
        except (TimeoutError, ConnectionError):
            continue
    return None


def check_local(where):
    for _ in range(2):
        if ask_udp("a.local.test") != (NOERROR, 1):
            die(f"{where}: a local name is not answered over UDP")
        if ask_tcp("a.local.test") != (NOERROR, 1):
            die(f"{where}: a local name is not answered over TCP")
    if ask_udp("www.public.example") != (NOERROR, 1):
        die(f"{where}: a cached name is not answered")


def check_forward(where, good=(NOERROR, NXDOMAIN, SERVFAIL)):
    for _ in range(3):
        name = f"n{next(uniques)}.public.example"
        answer = ask_udp(name, patience=FORWARD_PATIENCE)
        if answer is None or answer[0] not in good:
            die(f"{where}: a forwarded name is answered {answer}")
    for _ in range(3):
        name = f"n{next(uniques)}.big.public.example"
        answer = ask_tcp(name, 16, 6)
        if answer is None or answer[0] not in good:
            die(f"{where}: an answer that is long is {answer}")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(") ", 1)[1][0] not in "ZX"
    except OSError:
        return False


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def point(plan, pid, where, traffic):
    """One failure; whether there was one."""
    plan.arm(*where)
    text = f"{where[0]} {errno.errorcode[where[1]]} after {where[2]}"
    traffic(text)
    failed = plan.disarm()
    if not alive(pid):
        die(f"{text}: the daemon is gone")
    return failed > 0


def queries(text):
    check_local(text)
    check_forward(text)


def reload_count():
    with open("daemon.log", encoding="utf-8") as log:
        return sum("reload: " in line for line in log)


def reload(pid, text):
    before = reload_count()
    os.kill(pid, signal.SIGHUP)
    for _ in range(500):
        if reload_count() > before:
            return
        time.sleep(0.002)
    die(f"{text}: a reload says nothing")


def reloads(pid):
    def traffic(text):
        for _ in PLACES:
            reload(pid, text)
        check_local(text)
    return traffic


def many_queries(text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(SERVER)
        for _ in range(MANY):
            name = f"n{next(uniques)}.public.example"
            client.send(question(name, 1, next(idents) & 0xffff))
    queries(text)


def storm(plan, pid, call, error):
    """Many failures in a row: all is well when they are over."""
    plan.arm(call, error, 0, STORM)
    ask_udp("a.local.test", patience=(0.05,))
    ask_tcp("a.local.test", tries=1)
    ask_udp(f"n{next(uniques)}.public.example", patience=(0.05,))
    plan.disarm()
    text = f"{call} {errno.errorcode[error]}, {STORM} times"
    if not alive(pid):
        die(f"{text}: the daemon is gone")
    check_local(text)
    # What failed for want of sockets is kept for a second.
    check_forward(text, (NOERROR, NXDOMAIN))


def calls(plan, pid):
    check_local("before")
    check_forward("before", (NOERROR, NXDOMAIN))
    before = descriptors(pid)
    ways = [(call, queries) for call in QUERY_CALLS]
    ways += [(call, many_queries) for call in RANDOM_CALLS]
    ways += [(call, reloads(pid)) for call in RELOAD_CALLS]
    for call, traffic in ways:
        begin = time.monotonic()
        errors = [getattr(errno, name) for name in ERRORS]
        points = sum(point(plan, pid, (call, error, skip), traffic)
                     for error in errors for skip in PLACES)
        for error in errors:
            storm(plan, pid, call, error)
        print(f"ok {call}: {points} points of {len(errors) * len(PLACES)}, "
              f"{time.monotonic() - begin:.1f} s", flush=True)
    leaked(pid, before)


def leaked(pid, before):
    for _ in range(50):
        if descriptors(pid) <= before:
            print("ok no descriptor is lost")
            return
        time.sleep(0.1)
    die(f"{descriptors(pid)} descriptors are open, there were {before}")


def places():
    """Each of the first, then fewer and fewer."""
    skip = 0
    while True:
        yield skip
        skip += 1 + skip // 12


def memory(plan, pid):
    check_local("before")
    check_forward("before", (NOERROR, NXDOMAIN))
    before = descriptors(pid)
    for call in ALLOCATIONS:
        points = 0
        for traffic in (queries, reloads(pid)):
            for skip in places():
                if not point(plan, pid, (call, errno.ENOMEM, skip), traffic):
                    break
                points += 1
        print(f"ok {call}: {points} points", flush=True)
    check_forward("after", (NOERROR, NXDOMAIN))
    leaked(pid, before)


def has_begun(daemon):
    """It listens, or has ended."""
    with open("start.log", encoding="utf-8") as log:
        return daemon.poll() is not None or "listening on" in log.read()


def start_once(plan, command, call, skip):
    """Whether it failed somewhere; the process says why, or serves."""
    where = f"start, {call} after {skip}"
    plan.arm(call, errno.ENOMEM, skip)
    with open("start.log", "w", encoding="utf-8") as log:
        daemon = subprocess.Popen(command, stderr=log)
    for _ in range(1000):
        if has_begun(daemon):
            break
        time.sleep(0.005)
    failed = plan.disarm() > 0
    if daemon.poll() is None:
        check_local(where)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(5)
    elif not failed or os.path.getsize("start.log") == 0:
        die(f"{where}: ends with {daemon.returncode} and says nothing")
    if daemon.returncode < 0 or daemon.returncode > 5:
        die(f"{where}: ends with {daemon.returncode}")
    return failed


def start(plan, command):
    for call in ALLOCATIONS:
        points = 0
        for skip in places():
            if not start_once(plan, command, call, skip):
                break
            points += 1
        print(f"ok start, {call}: {points} points", flush=True)


def main():
    plan = Plan(sys.argv[2])
    if sys.argv[1] == "calls":
        calls(plan, int(sys.argv[3]))
    elif sys.argv[1] == "memory":
        memory(plan, int(sys.argv[3]))
    else:
        start(plan, sys.argv[3:])


main()
