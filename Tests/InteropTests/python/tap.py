"""Listens in on HTTP/2 connections: which messages travelled compressed, grpcio does not tell.

A Tap forwards what comes to its port and reads along. The flags of messages are kept by connection
(named by the port from which the tap goes on to the server) and by path, in the order of the wire.
"""

import collections
import socket
import threading

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, CONTINUATION = 0, 1, 4, 9
END_HEADERS, PADDED, PRIORITY = 0x4, 0x8, 0x20


class Tap:
    def __init__(self, target_port):
        self.requests = collections.defaultdict(collections.deque)
        self.responses = collections.defaultdict(collections.deque)
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._target_port))
            self._connect(client, server)

    def _connect(self, client, server):
        name = server.getsockname()[1]
        paths = {}
        requests = _Reader(lambda path, flag: self.requests[name, path].append(flag), paths)
        requests.skip = len(PREFACE)
        responses = _Reader(lambda path, flag: self.responses[name, path].append(flag), paths)
        for source, sink, reader in ((client, server, requests), (server, client, responses)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_forward, args=(source, sink, reader), daemon=True).start()


def _forward(source, sink, reader):
    try:
        while part := source.recv(65536):
            # Noted before it is passed on, so that who has a message finds its flag.
            reader.read(part)
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class _Reader:
    """Cuts one direction into frames, and the DATA of each stream into messages."""

    def __init__(self, note, paths):
        self.skip = 0
        self._note = note
        self._paths = paths
        self._buffer = bytearray()
        self._block = b""
        self._decoder = hpack.Decoder()
        self._bodies = collections.defaultdict(bytearray)

    def read(self, part):
        self._buffer += part
        if self.skip:
            count = min(self.skip, len(self._buffer))
            del self._buffer[:count]
            self.skip -= count
        while len(self._buffer) >= 9:
            length = int.from_bytes(self._buffer[:3], "big")
            if len(self._buffer) < 9 + length:
                return
            kind, flags = self._buffer[3], self._buffer[4]
            stream = int.from_bytes(self._buffer[5:9], "big") & 0x7FFFFFFF
            content = bytes(self._buffer[9 : 9 + length])
            del self._buffer[: 9 + length]
            self._frame(kind, flags, stream, content)

    def _frame(self, kind, flags, stream, content):
        if kind in (DATA, HEADERS) and flags & PADDED:
            content = content[1 : len(content) - content[0]]
        if kind == HEADERS and flags & PRIORITY:
            content = content[5:]
        if kind in (HEADERS, CONTINUATION):
            self._block += content
            if flags & END_HEADERS:
                fields = dict(self._decoder.decode(self._block))
                self._block = b""
                if ":path" in fields:
                    self._paths[stream] = fields[":path"]
        elif kind == DATA:
            body = self._bodies[stream]
            body += content
            while len(body) >= 5 and len(body) >= 5 + (size := int.from_bytes(body[1:5], "big")):
                self._note(self._paths[stream], body[0] == 1)
                del body[: 5 + size]
