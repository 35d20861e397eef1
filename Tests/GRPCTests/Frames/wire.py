"""Frames as bytes, and a connection that sends any of them and keeps what comes back.

Nothing here knows which orders of frames are allowed: what is sent is the business of the cases,
right or wrong. What comes back is taken apart by `hyperframe` and `hpack`, which accept no wrong
frame.
"""

import socket
import struct
import time

import hpack
from hyperframe.frame import Frame

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

# RFC 9113 section 6: types of frames.
(
    DATA,
    HEADERS,
    PRIORITY,
    RST_STREAM,
    SETTINGS,
    PUSH_PROMISE,
    PING,
    GOAWAY,
    WINDOW_UPDATE,
    CONTINUATION,
) = range(10)
# Flags.
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY_FLAG = 1, 1, 4, 8, 32
# RFC 9113 section 7: error codes.
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED = (
    range(6)
)
FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR = range(6, 11)
ENHANCE_YOUR_CALM, INADEQUATE_SECURITY, HTTP_1_1_REQUIRED = range(11, 14)
CODES = [
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
]
# RFC 9113 section 6.5.2 and RFC 9218 section 2.1: settings.
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 1, 2, 3, 4
MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE, NO_RFC7540_PRIORITIES = 5, 6, 9


class Failed(Exception):
    """What was claimed is not so."""


def code_name(code):
    return CODES[code] if code < len(CODES) else "0x%x" % code


def frame(kind, payload=b"", flags=0, stream=0, length=None):
    """Any frame; `length` may lie about the payload."""
    length = len(payload) if length is None else length
    return struct.pack(">I", length)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(*pairs, flags=0, stream=0):
    return frame(SETTINGS, b"".join(struct.pack(">HI", *pair) for pair in pairs), flags, stream)


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, struct.pack(">I", increment), 0, stream)


def rst_stream(stream, code=CANCEL):
    return frame(RST_STREAM, struct.pack(">I", code), 0, stream)


def goaway(code=NO_ERROR, last=0, debug=b""):
    return frame(GOAWAY, struct.pack(">II", last, code) + debug)


def ping(payload=b"12345678", flags=0, stream=0):
    return frame(PING, payload, flags, stream)


def priority(stream, on=0, weight=15, exclusive=False):
    return frame(PRIORITY, priority_fields(on, weight, exclusive), 0, stream)


def priority_fields(on=0, weight=15, exclusive=False):
    return struct.pack(">IB", on | (0x80000000 if exclusive else 0), weight)


def data(stream, payload=b"", end=True, padding=None):
    if padding is None:
        return frame(DATA, payload, END_STREAM if end else 0, stream)
    flags = PADDED | (END_STREAM if end else 0)
    return frame(DATA, bytes([padding]) + payload + bytes(padding), flags, stream)


def headers(stream, block, end=False, complete=True, flags=0):
    flags |= (END_STREAM if end else 0) | (END_HEADERS if complete else 0)
    return frame(HEADERS, block, flags, stream)


def continuation(stream, block, complete=True):
    return frame(CONTINUATION, block, END_HEADERS if complete else 0, stream)


def message(content, flag=0):
    """A message as gRPC frames it."""
    return struct.pack(">BI", flag, len(content)) + content


def integer(value, prefix, first=0):
    """An integer of HPACK (RFC 7541 section 5.1) behind the bits of `first`."""
    most = (1 << prefix) - 1
    if value < most:
        return bytes([first | value])
    out, value = bytearray([first | most]), value - most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes(out) + bytes([value])


def string(text):
    text = text.encode() if isinstance(text, str) else text
    return integer(len(text), 7) + text


def literal(name, value, first=0):
    """A literal field with a new name: 0x00 without indexing, 0x10 never indexed, 0x40 indexed."""
    return bytes([first]) + string(name) + string(value)


def block(fields, first=0):
    return b"".join(literal(name, value, first) for name, value in fields)


def request_fields(method="Echo", extra=(), without=(), **changed):
    """The fields of a gRPC request; `changed` by name, with `_` for `-` and for a leading `:`."""
    fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/test.v1.Test/" + method),
        (":authority", "example.test"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
    ]
    named = {
        name.replace("_", ":", 1) if name[0] == "_" else name.replace("_", "-"): value
        for name, value in changed.items()
    }
    fields = [(name, named.get(name, value)) for name, value in fields if name not in without]
    return fields + list(extra)


def request(stream, method="Echo", end=False, **fields):
    return headers(stream, block(request_fields(method, **fields)), end)


class Stream:
    """What came on one stream."""

    def __init__(self):
        self.blocks = []
        self.body = bytearray()
        self.has_ended = False
        self.reset = None
        self.updates = 0

    @property
    def fields(self):
        return {name: value for fields in self.blocks for name, value in fields}

    def messages(self):
        found, rest = [], bytes(self.body)
        while rest:
            flag, length = struct.unpack(">BI", rest[:5])
            if flag != 0 or len(rest) < 5 + length:
                raise Failed("the body is not whole messages: %r" % bytes(self.body[:80]))
            found.append(rest[5 : 5 + length])
            rest = rest[5 + length :]
        return found

    def __str__(self):
        fields = self.fields
        text = "fields %r, %d bytes" % (fields, len(self.body))
        if self.reset is not None:
            text += ", reset " + code_name(self.reset)
        return text + (", ended" if self.has_ended else "")


class Connection:
    """A client's end; gives back the windows of what it reads, and acknowledges, unless told."""

    def __init__(self, connected, timeout):
        self.timeout = timeout
        self.socket = connected
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.decoder = hpack.Decoder()
        self.streams = {}
        self.next = 1
        self.frames = []
        self.settings = {}
        self.acknowledged = 0
        self.pings = []
        self.goaway = None
        self.updates = 0
        self.largest = 0
        self.open_block = None
        self.is_closed = False
        self.gives_windows = True
        self.acknowledges = True

    @classmethod
    def to(cls, port, timeout, tls=None):
        connected = socket.create_connection(("127.0.0.1", port), timeout)
        if tls:
            connected = tls.wrap_socket(connected, server_hostname="localhost")
        return cls(connected, timeout)

    def close(self):
        self.socket.close()

    def id(self):
        """A new stream's number."""
        self.next += 2
        return self.next - 2

    def stream(self, number):
        return self.streams.setdefault(number, Stream())

    def send(self, *frames):
        try:
            self.socket.sendall(b"".join(frames))
        except OSError:
            # What the server said before it closed is still to be read.
            pass

    def call(self, method="Echo", content=b"hi", **fields):
        """Sends a whole call, and says on which stream."""
        stream = self.id()
        self.send(request(stream, method, **fields))
        self.upload(stream, message(content))
        return stream

    def upload(self, stream, content, most=16384, **fields):
        """Sends `content` to its end in DATA frames as the stream's window allows."""
        sent, used = 0, 0
        while sent < len(content) or not sent:
            part = content[sent : sent + most]
            last = sent + len(part) == len(content)
            one = data(stream, part, last, **fields)
            sent, used = sent + len(part), used + len(one) - 9
            got = self.stream(stream)
            self.until(lambda: used <= self.settings.get(4, 65535) + got.updates, "a window")
            self.send(one)

    def begin(self, *settings_pairs):
        """The client's preface, up to the server's acknowledgement."""
        self.send(PREFACE, settings(*settings_pairs))
        self.until(lambda: self.acknowledged > 0, "SETTINGS and their acknowledgement")
        if not self.frames or self.frames[0] != SETTINGS:
            raise Failed("the server's first frame is not SETTINGS")

    def change(self, *settings_pairs):
        """Sends SETTINGS and waits until they are acknowledged."""
        before = self.acknowledged
        self.send(settings(*settings_pairs))
        self.until(lambda: self.acknowledged > before, "an acknowledgement of SETTINGS")

    def settle(self):
        """Waits until the server has seen all that was sent."""
        payload = struct.pack(">Q", len(self.pings) + 1)
        self.send(ping(payload))
        self.until(lambda: payload in self.pings, "an answer to PING")

    def until(self, isSo, what):
        """Reads until `isSo`, at most `timeout` seconds."""
        deadline = time.monotonic() + self.timeout
        while not isSo():
            left = deadline - time.monotonic()
            if self.is_closed:
                raise Failed("waited for %s, but the connection was closed (%s)" % (what, self))
            if left <= 0 or not self.read(left):
                raise Failed("waited for %s in vain (%s)" % (what, self))

    def read(self, seconds):
        """Takes in what comes; whether anything did."""
        self.socket.settimeout(seconds)
        try:
            part = self.socket.recv(65536)
        except socket.timeout:
            return False
        except OSError:
            part = b""
        if not part:
            self.is_closed = True
            return True
        self.buffer += part
        while len(self.buffer) >= 9:
            length = int.from_bytes(self.buffer[:3], "big")
            if len(self.buffer) < 9 + length:
                break
            kind, flags, stream = struct.unpack(">BBI", self.buffer[3:9])
            payload = bytes(self.buffer[9 : 9 + length])
            parsed, _ = Frame.parse_frame_header(memoryview(self.buffer[:9]), strict=True)
            parsed.parse_body(memoryview(payload))
            del self.buffer[: 9 + length]
            self.received(kind, flags, stream & 0x7FFFFFFF, payload)
        return True

    def received(self, kind, flags, stream, payload):
        self.frames.append(kind)
        self.largest = max(self.largest, len(payload))
        if self.open_block is not None and kind != CONTINUATION:
            raise Failed("the server interrupted a header block")
        if kind == DATA:
            self.stream(stream).body += payload
            self.ends(stream, flags)
            if self.gives_windows and payload:
                self.send(window_update(0, len(payload)))
                if not flags & END_STREAM:
                    self.send(window_update(stream, len(payload)))
        elif kind in (HEADERS, CONTINUATION):
            self.open_block = (self.open_block or b"") + payload
            if kind == HEADERS:
                self.pending = flags
            if flags & END_HEADERS:
                fields = self.decoder.decode(self.open_block)
                self.open_block = None
                self.stream(stream).blocks.append(fields)
                self.ends(stream, self.pending)
        elif kind == RST_STREAM:
            self.stream(stream).reset = int.from_bytes(payload, "big")
        elif kind == SETTINGS and flags & ACK:
            self.acknowledged += 1
        elif kind == SETTINGS:
            for offset in range(0, len(payload), 6):
                identifier, value = struct.unpack(">HI", payload[offset : offset + 6])
                self.settings[identifier] = value
            if self.acknowledges:
                self.send(settings(flags=ACK))
        elif kind == PING and flags & ACK:
            self.pings.append(payload)
        elif kind == PING:
            self.asked = payload
            if self.acknowledges:
                self.send(ping(payload, ACK))
        elif kind == GOAWAY:
            # The last one counts: a notice of a shutdown may go before.
            self.goaway = struct.unpack(">II", payload[:8])
        elif kind == WINDOW_UPDATE:
            increment = int.from_bytes(payload, "big")
            if stream:
                self.stream(stream).updates += increment
            else:
                self.updates += increment

    def ends(self, stream, flags):
        if flags & END_STREAM:
            self.stream(stream).has_ended = True

    def __str__(self):
        parts = ["stream %d: %s" % entry for entry in self.streams.items() if entry[0] > 1]
        if self.goaway:
            parts.append("GOAWAY(last %d, %s)" % (self.goaway[0], code_name(self.goaway[1])))
        if self.is_closed:
            parts.append("closed")
        return "; ".join(parts) or "nothing came"
