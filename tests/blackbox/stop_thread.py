#!/usr/bin/env python3
"""stop_thread.py TID: one thread of a process stands still until this ends.

The others run on, as they would if that one waited for a disk.
"""
import ctypes
import os
import signal
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4


def ptrace(request, tid):
    if libc.ptrace(request, tid, 0, 0) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")


def main():
    tid = int(sys.argv[1])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    ptrace(PTRACE_SEIZE, tid)
    ptrace(PTRACE_INTERRUPT, tid)
    os.waitpid(tid, WALL)
    print("stopped", flush=True)
    signal.sigwait({signal.SIGTERM})
    ptrace(PTRACE_DETACH, tid)


main()
