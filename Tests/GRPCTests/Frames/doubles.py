"""Servers that are wrong in ways a case must notice, for the test of the cases themselves."""

import socket
import threading

from wire import (
    ACK,
    DATA,
    END_STREAM,
    HEADERS,
    PING,
    PREFACE,
    PROTOCOL_ERROR,
    SETTINGS,
    block,
    data,
    frame,
    goaway,
    headers,
    message,
    settings,
)

# By name: what it does, and how a case may end that succeeds with it all the same.
DOUBLES = {
    # Reads, and never says a word.
    "silent": (),
    # Closes every connection at once.
    "closing": (),
    # Answers a connection's first call, and is silent from then on.
    "mute": (),
    # Answers a connection's first call and closes.
    "hasty": (),
    # Answers a connection's first call, and calls all that follows a PROTOCOL_ERROR.
    "harsh": ("goaway",),
    # Answers every call with success and "hi", and objects to nothing.
    "lenient": ("answer",),
}


def start(kind):
    """Starts a double in the background; its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(kind, connection), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def serve(kind, connection):
    try:
        if kind != "closing":
            Double(kind, connection).run()
    except OSError:
        pass
    connection.close()


class Double:
    def __init__(self, kind, connection):
        self.kind = kind
        self.connection = connection
        self.calls = 0

    def run(self):
        buffer, has_preface = b"", False
        while True:
            part = self.connection.recv(65536)
            if not part:
                return
            if self.kind == "silent":
                continue
            if not has_preface:
                self.connection.sendall(settings((3, 100)))
                has_preface = True
            buffer += part
            # One that begins otherwise is read on for ever: this server does not mind.
            if not buffer.startswith(PREFACE) and not self.calls and buffer[:3] == PREFACE[:3]:
                continue
            buffer = buffer.removeprefix(PREFACE)
            while len(buffer) >= 9 and len(buffer) >= 9 + int.from_bytes(buffer[:3], "big"):
                length = int.from_bytes(buffer[:3], "big")
                if not self.take(
                    buffer[3], buffer[4], int.from_bytes(buffer[5:9], "big"), buffer[9 : 9 + length]
                ):
                    return
                buffer = buffer[9 + length :]

    def take(self, kind, flags, stream, payload):
        """Whether the connection goes on."""
        if self.calls and self.kind == "mute":
            return True
        if self.calls and self.kind == "harsh" and not (kind == SETTINGS and flags & ACK):
            self.connection.sendall(goaway(PROTOCOL_ERROR))
            return False
        if kind == SETTINGS and not flags & ACK:
            self.connection.sendall(settings(flags=ACK))
        elif kind == PING and not flags & ACK:
            self.connection.sendall(frame(PING, payload, ACK))
        elif kind in (DATA, HEADERS) and flags & END_STREAM:
            self.calls += 1
            fields = [(":status", "200"), ("content-type", "application/grpc")]
            self.connection.sendall(
                headers(stream, block(fields))
                + data(stream, message(b"hi"), end=False)
                + headers(stream, block([("grpc-status", "0")]), end=True)
            )
            return self.kind != "hasty"
        return True
