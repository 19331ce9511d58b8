#!/usr/bin/python3
"""Runs a program on a terminal, and tells what a person there would see.

screen.py ROWSxCOLS PROGRAM [ARGUMENT ...] takes steps from standard input, a
line each:

  wait PATTERN    until a line of the screen matches
  gone PATTERN    until none does
  keys TEXT       pressed; Python's escapes such as \\x1b and \\t
  size ROWSxCOLS  the terminal's, from now on
  show            prints the screen
  signal NAME     is sent to the program
  stopped         until the program is
  end             until the program has ended; prints its status
  terminal        prints what of the terminal was not given back

A wait that takes more than 15 s ends it with status 1 and the screen.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

PATIENCE = 15


class Terminal:
    def __init__(self, size, argv):
        rows, cols = size
        self.screen = pyte.Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.status = None
        self.stops = False
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        # The child's window size is set before it can ask, or it is told.
        self.resize(size)
        self.before = self.modes()

    def modes(self):
        """What of the line's settings a program may change."""
        return termios.tcgetattr(self.fd)[:4]

    def resize(self, size):
        rows, cols = size
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    def take(self):
        """What the program has written; False when that was nothing."""
        if not select.select([self.fd], [], [], 0.05)[0]:
            return False
        try:
            octets = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += octets
        self.stream.feed(octets)
        return bool(octets)

    def look(self):
        """Whether the program has stopped or ended."""
        if self.status is not None:
            return
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        if pid == 0:
            return
        self.stops = os.WIFSTOPPED(status)
        if not self.stops:
            self.status = os.waitstatus_to_exitcode(status)

    def until(self, what, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.take()
            self.look()
            if time.monotonic() > end:
                self.show()
                sys.exit(f"screen.py: still not so: {what}")

    def matches(self, pattern):
        return any(re.search(pattern, line) for line in self.screen.display)

    def show(self):
        for line in self.screen.display:
            print(line.rstrip())

    def end(self):
        self.until("it ends", lambda: self.status is not None)
        while self.take():
            pass
        print(f"status {self.status}")

    def given_back(self):
        """The modes that were set last, and the line's settings."""
        for mode, wanted in ((1049, b"l"), (25, b"h"), (7, b"h")):
            found = re.findall(rb"\x1b\[\?%d([hl])" % mode, self.raw)
            if found and found[-1] != wanted:
                print(f"mode {mode} was left as it was set")
        if self.modes() != self.before:
            print("keys are not as they were")


def size_of(text):
    rows, cols = text.split("x")
    return int(rows), int(cols)


def run(terminal, verb, rest):
    if verb == "wait":
        terminal.until(f"a line is like {rest}",
                       lambda: terminal.matches(rest))
    elif verb == "gone":
        terminal.until(f"no line is like {rest}",
                       lambda: not terminal.matches(rest))
    elif verb == "keys":
        os.write(terminal.fd, codecs.decode(rest, "unicode_escape").encode())
    elif verb == "size":
        terminal.resize(size_of(rest))
    elif verb == "show":
        terminal.show()
    elif verb == "signal":
        terminal.stops = False
        os.kill(terminal.pid, getattr(signal, "SIG" + rest))
    elif verb == "stopped":
        terminal.until("it is stopped", lambda: terminal.stops)
    elif verb == "end":
        terminal.end()
    elif verb == "terminal":
        terminal.given_back()
    else:
        sys.exit(f"screen.py: what is '{verb}'?")


def main():
    terminal = Terminal(size_of(sys.argv[1]), sys.argv[2:])
    try:
        for line in sys.stdin:
            verb, _, rest = line.strip().partition(" ")
            run(terminal, verb, rest)
            sys.stdout.flush()
    finally:
        if terminal.status is None:
            os.kill(terminal.pid, signal.SIGKILL)


main()
