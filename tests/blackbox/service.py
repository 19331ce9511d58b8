#!/usr/bin/env python3
"""service.py ADDRESS CERTIFICATE KEY: an HTTPS service on port 443.

It answers each host with the status that its name begins with, such as
s404.a.run.app, and 200 where there is none.
"""

import re
import socket
import ssl
import sys
import threading


def answer(connection):
    """Serves one request."""
    with connection:
        request = connection.recv(65536).decode("latin-1")
        host = re.search(r"\r\nhost: *(\S+)", request, re.I)
        status = re.match(r"s(\d{3})", host.group(1)) if host else None
        connection.sendall(
            f"HTTP/1.1 {status.group(1) if status else 200} Said\r\n"
            "Server: Google Frontend\r\n"
            "Content-Length: 0\r\n\r\n".encode())


def serve(context, connection):
    """Shakes hands and serves, whatever the other side does."""
    try:
        answer(context.wrap_socket(connection, server_side=True))
    except OSError:
        pass


def main():
    """Serves until it is ended."""
    address, certificate, key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server((address, 443)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(context, connection),
                             daemon=True).start()


main()
