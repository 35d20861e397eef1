"""What gRPC adds to HTTP/2 (grpc/grpc doc/PROTOCOL-HTTP2.md), by the same means."""

import base64
import struct

from case import case
from expect import alive, answered, http, status
from wire import (
    Failed,
    block,
    data,
    headers,
    message,
    request,
    rst_stream,
    window_update,
)

INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 3, 4, 8, 12, 13


@case
def grpc_requests_content_types(c):
    """Content types of gRPC of any message format are taken."""
    types = [
        "application/grpc",
        "application/grpc+proto",
        "application/grpc+json",
        "application/grpc;charset=utf-8",
    ]
    return answered(*[c.call(content_type=each) for each in types])


@case
def grpc_requests_other_content_types(c):
    """Content types that are not of gRPC are answered with HTTP status 415."""
    for each in ("application/json", "application/grpcx", "application/grpc-web", "text/plain", ""):
        http(c.call(content_type=each), 415)(c)
    http(c.call(without=["content-type"]), 415)(c)
    return alive()


@case
def grpc_requests_te(c):
    """A call without te is taken: the field only shows a client whether a proxy drops trailers."""
    return answered(c.call(without=["te"]))


@case
def grpc_requests_methods(c):
    """Any method of HTTP but POST is answered with status 405."""
    for each in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post", "BREW"):
        stream = c.id()
        c.send(request(stream, end=True, _method=each))
        http(stream, 405)(c)
    return alive()


@case
def grpc_requests_schemes(c):
    """The scheme is http or https, as a proxy has it."""
    return answered(c.call(_scheme="http"), c.call(_scheme="https"))


@case
def grpc_requests_unknown_paths(c):
    """A path that names no method is UNIMPLEMENTED."""
    paths = [
        "/test.v1.Test/Nothing",
        "/no.Service/Echo",
        "/",
        "//",
        "/test.v1.Test/Echo/",
        "/test.v1.Test/echo",
        "/test.v1.Test/Echo?a=b",
        "/test.v1.Test//Echo",
        "/\u1ecd",
    ]
    for each in paths:
        status(c.call(_path=each), UNIMPLEMENTED)(c)
    return alive()


@case
def grpc_requests_timeout_units(c):
    """grpc-timeout is taken in every unit."""
    for each in ("1H", "1M", "60S", "60000m", "60000000u", "99999999n", "99999999H", "00000060S"):
        answered(c.call(extra=[("grpc-timeout", each)]))(c)
    return alive()


@case
def grpc_requests_timeout_passes(c):
    """A deadline that passes ends the call with DEADLINE_EXCEEDED, in every unit."""
    for each in ("50m", "50000u", "50000000n", "0S", "0H"):
        stream = c.call("Sleep", b"60000", extra=[("grpc-timeout", each)])
        status(stream, DEADLINE_EXCEEDED)(c)
    return alive()


@case
def grpc_requests_malformed_timeout(c):
    """A grpc-timeout of another form is INTERNAL or malformed, and reaches no handler."""
    for each in ("1", "S", "-1S", "1.5S", "1s", "123456789S", "1 S", "S1", ""):
        stream = c.call(extra=[("grpc-timeout", each)])
        status(stream, INTERNAL, INVALID_ARGUMENT)(c)
    return alive()


@case
def grpc_requests_metadata(c):
    """Metadata comes back as it was sent, also values of bytes in both forms of base64."""
    for text in ("AP8B", "AP8BAg", "AP8BAg=="):
        stream = c.call("Metadata", extra=[("x-text", "t e x t"), ("x-bytes-bin", text)])
        answered(stream, content=b"metadata")(c)
        fields = c.stream(stream).fields
        returned = fields["y-bytes-bin"]
        padded = returned + "=" * (-len(returned) % 4)
        if base64.b64decode(padded) != base64.b64decode(text + "=" * (-len(text) % 4)):
            raise Failed("y-bytes-bin is %s" % returned)
        if fields["y-text"] != "t e x t":
            raise Failed("y-text is %s" % fields["y-text"])
    return alive()


@case
def grpc_requests_malformed_binary_metadata(c):
    """A binary value that is not base64 is INTERNAL and reaches no handler."""
    for text in ("A", "!!!!", "AA=A", "AP8B="):
        status(c.call(extra=[("x-bytes-bin", text)]), INTERNAL, INVALID_ARGUMENT)(c)
    return alive()


@case
def grpc_requests_unknown_fields(c):
    """Reserved and unknown fields change nothing."""
    extra = [
        ("grpc-future", "1"),
        ("user-agent", "x/1"),
        ("grpc-tags-bin", "AAE"),
        ("grpc-trace-bin", ""),
        ("grpc-accept-encoding", "identity,deflate,gzip,br"),
    ]
    return answered(c.call(extra=extra))


@case
def grpc_messages_empty(c):
    """An empty message is a message."""
    return answered(c.call(content=b""), content=b"")


@case
def grpc_messages_missing(c):
    """A call of one message that has none is an error of its sender."""
    streams = [c.id(), c.id()]
    c.send(request(streams[0], end=True), request(streams[1]), data(streams[1]))
    for stream in streams:
        status(stream, INTERNAL, INVALID_ARGUMENT, UNIMPLEMENTED)(c)
    return alive()


@case
def grpc_messages_too_many(c):
    """A call of one message that has two is an error of its sender."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi") * 2))
    status(stream, INTERNAL, INVALID_ARGUMENT, UNIMPLEMENTED)(c)
    return alive()


@case
def grpc_messages_truncated(c):
    """A request that ends within a message, at any byte, is INTERNAL."""
    framed = message(b"hi")
    for count in range(1, len(framed)):
        stream = c.id()
        c.send(request(stream), data(stream, framed[:count]))
        status(stream, INTERNAL, INVALID_ARGUMENT)(c)
    return alive()


@case
def grpc_messages_truncated_by_trailers(c):
    """A request whose trailers come within a message is INTERNAL."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi")[:4], end=False))
    c.send(headers(stream, block([("x-a", "1")]), end=True))
    status(stream, INTERNAL, INVALID_ARGUMENT)(c)
    return alive()


@case
def grpc_messages_unknown_flag(c):
    """A message's flag that is neither 0 nor 1 is INTERNAL."""
    for flag in (2, 0x80, 0xFF):
        stream = c.id()
        c.send(request(stream), data(stream, message(b"hi", flag)))
        status(stream, INTERNAL, UNIMPLEMENTED)(c)
    return alive()


@case
def grpc_messages_compressed_without_encoding(c):
    """A message that says it is compressed, without grpc-encoding, is INTERNAL."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi", 1)))
    status(stream, INTERNAL)(c)
    return alive()


@case
def grpc_messages_unknown_encoding(c):
    """An unknown grpc-encoding is UNIMPLEMENTED, and the answer says what is known."""
    stream = c.call(extra=[("grpc-encoding", "br")])
    status(stream, UNIMPLEMENTED)(c)
    if "identity" not in c.stream(stream).fields.get("grpc-accept-encoding", ""):
        raise Failed("no grpc-accept-encoding: %s" % c)
    return alive()


@case
def grpc_messages_over_the_limit(c):
    """A length over the limit is RESOURCE_EXHAUSTED before its bytes come."""
    for length in (4 * 1024 * 1024 + 1, 0xFFFFFFFF):
        stream = c.id()
        c.send(request(stream), data(stream, struct.pack(">BI", 0, length), end=False))
        status(stream, RESOURCE_EXHAUSTED)(c)
    return alive()


@case
def grpc_messages_split_at_every_byte(c):
    """A message may be cut into DATA frames at any byte."""
    framed = message(b"hello")
    for offset in range(len(framed) + 1):
        stream = c.id()
        c.send(request(stream), data(stream, framed[:offset], end=False))
        c.settle()
        c.send(data(stream, framed[offset:]))
        answered(stream, content=b"hello")(c)
    return alive()


@case
def grpc_messages_many_in_one_frame(c):
    """Many messages of a stream may come in one DATA frame."""
    stream = c.id()
    framed = b"".join(message(b"%d" % number) for number in range(1000))
    c.send(request(stream, "Join"), data(stream, framed))
    return answered(stream, content=b",".join(b"%d" % number for number in range(1000)))


@case
def grpc_streams_answer_as_they_read(c):
    """A bidirectional call answers each message as it comes, and ends after the client's half."""
    stream = c.id()
    c.send(request(stream, "Chat"))
    for number in range(5):
        c.send(data(stream, message(b"%d" % number), end=False))
        c.until(lambda: len(c.stream(stream).messages()) > number, "message %d" % number)
    if c.stream(stream).has_ended:
        raise Failed("the call ended before the client's half")
    c.send(data(stream))
    c.until(lambda: c.stream(stream).has_ended, "the end")
    if c.stream(stream).messages() != [b"re %d" % number for number in range(5)]:
        raise Failed("other answers came: %s" % c)
    return status(stream, 0)


@case
def grpc_streams_of_nothing(c):
    """A bidirectional call without messages ends at once, with trailers alone."""
    stream = c.id()
    c.send(request(stream, "Chat", end=True))
    status(stream, 0)(c)
    if len(c.stream(stream).blocks) != 1 or c.stream(stream).body:
        raise Failed("not trailers alone: %s" % c)
    return alive()


@case
def grpc_answers_in_three_parts(c):
    """An answer is headers, DATA and trailers, each with its own fields."""
    stream = c.call()
    answered(stream)(c)
    first, last = c.stream(stream).blocks
    if dict(first).get(":status") != "200" or "grpc-status" in dict(first):
        raise Failed("the headers are %r" % first)
    if "grpc-status" not in dict(last) or any(name.startswith(":") for name, _ in last):
        raise Failed("the trailers are %r" % last)
    return alive()


@case
def grpc_answers_errors(c):
    """An error before any message is trailers alone, with a percent-encoded message and details."""
    stream = c.call("Fail", "\u00e9".encode())
    status(stream, 9)(c)
    fields = c.stream(stream).fields
    if fields.get("grpc-message") != "h%E1%BB%8Dc b%E1%BA%A1: 100%25 %C3%A9":
        raise Failed("grpc-message is %s" % fields.get("grpc-message"))
    if fields.get("grpc-status-details-bin", "").rstrip("=") != "CAkA/w":
        raise Failed("grpc-status-details-bin is %s" % fields.get("grpc-status-details-bin"))
    if len(c.stream(stream).blocks) != 1:
        raise Failed("not trailers alone: %s" % c)
    return alive()


@case
def grpc_cancellation_while_it_writes(c):
    """RST_STREAM ends an answer that waits for its window, and nothing more of it comes."""
    c.gives_windows = False
    stream = c.call("Repeat", b"1000000")
    c.until(lambda: len(c.stream(stream).body) > 60_000, "a full window")
    c.send(rst_stream(stream))
    c.settle()
    before = len(c.stream(stream).body)
    # The connection's window was used up by that call.
    c.send(window_update(0, 1_000_000))
    alive()(c)
    if len(c.stream(stream).body) != before:
        raise Failed("DATA came after RST_STREAM")
    return alive()
