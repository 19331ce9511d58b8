#!/usr/bin/env python3
"""A name server over TCP or TLS that behaves as it is told to.

    stream_server.py ADDRESS PORT MANNER [--tls CERT KEY] [--old]

Every name has the address 203.0.113.7.  Each connection, handshake and
question is a line of the output.  MANNER:

    answer       answers each question at once
    reverse      answers the questions of half a second, the last one first
    close        closes the connection after each answer
    refuse       closes each connection at once
    drop         reads the question, then closes
    garbage      answers with octets that are no DNS message
    half         begins an answer, and leaves it at that
    mute         never answers
"""
import argparse
import os
import socket
import ssl
import struct
import sys
import threading
import time

GATHER = 0.5  # seconds
RECORD = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xcb\0\x71\7"  # A 203.0.113.7


def say(*words):
    print(*words, flush=True)


def read(stream, size):
    octets = b""
    while len(octets) < size:
        more = stream.recv(size - len(octets))
        if not more:
            raise EOFError
        octets += more
    return octets


def read_frame(stream):
    return read(stream, struct.unpack("!H", read(stream, 2))[0])


def frame(message):
    return struct.pack("!H", len(message)) + message


def answer_to(question):
    end = 12
    while question[end] != 0:
        end += 1 + question[end]
    end += 5
    head = question[:2] + b"\x81\x80\0\1\0\1\0\0\0\0"
    return frame(head + question[12:end] + RECORD)


def answer(stream):
    while True:
        question = read_frame(stream)
        say("question", len(question))
        stream.sendall(answer_to(question))


def reverse(stream):
    while True:
        gathered = [read_frame(stream)]
        until = time.monotonic() + GATHER
        while (left := until - time.monotonic()) > 0:
            stream.settimeout(left)
            try:
                gathered.append(read_frame(stream))
            except (TimeoutError, ssl.SSLWantReadError):
                break
        stream.settimeout(None)
        say("questions", len(gathered))
        stream.sendall(b"".join(answer_to(q) for q in reversed(gathered)))


def close(stream):
    question = read_frame(stream)
    say("question", len(question))
    stream.sendall(answer_to(question))


def refuse(_stream):
    pass


def drop(stream):
    say("question", len(read_frame(stream)))


def garbage(stream):
    say("question", len(read_frame(stream)))
    stream.sendall(os.urandom(4000))
    read(stream, 1 << 20)


def half(stream):
    stream.sendall(answer_to(read_frame(stream))[:20])
    read(stream, 1 << 20)


def mute(stream):
    read(stream, 1 << 20)


MANNERS = {f.__name__: f for f in (answer, reverse, close, refuse, drop,
                                   garbage, half, mute)}


def context_of(arguments):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*arguments.tls)
    context.set_alpn_protocols(["dot"])
    context.sni_callback = lambda _socket, name, _context: say("name", name)
    if arguments.old:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def serve(stream, context, manner):
    try:
        if context is not None:
            stream = context.wrap_socket(stream, server_side=True)
            say("handshake", stream.version(), stream.selected_alpn_protocol(),
                "resumed" if stream.session_reused else "full")
        manner(stream)
    except EOFError:
        say("end")
    except OSError as error:
        say("error", error)
    finally:
        stream.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("manner", choices=sorted(MANNERS))
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--old", action="store_true")
    arguments = parser.parse_args()
    context = context_of(arguments) if arguments.tls else None
    listener = socket.create_server((arguments.address, arguments.port),
                                    backlog=128)
    say("listening")
    while True:
        stream, _ = listener.accept()
        say("connection")
        threading.Thread(target=serve, daemon=True, args=(
            stream, context, MANNERS[arguments.manner])).start()


if __name__ == "__main__":
    sys.exit(main())
