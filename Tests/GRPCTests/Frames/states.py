"""RFC 9113 sections 5 and 6.10: states of streams, CONTINUATION."""

from case import case
from expect import alive, answered, goaway, refused, so, status
from wire import (
    CONTINUATION,
    INITIAL_WINDOW_SIZE,
    PRIORITY_FLAG,
    PROTOCOL_ERROR,
    REFUSED_STREAM,
    STREAM_CLOSED,
    Failed,
    block,
    continuation,
    data,
    frame,
    headers,
    message,
    priority,
    priority_fields,
    request,
    request_fields,
    rst_stream,
    settings,
    window_update,
)

BLOCK = block(request_fields())
MOST = (1 << 31) - 1


def half_closed(c):
    """A stream whose request is complete and whose answer is not: its window is shut."""
    c.gives_windows = False
    c.change((INITIAL_WINDOW_SIZE, 0))
    stream = c.call()
    c.until(lambda: c.stream(stream).blocks, "the headers of the answer")
    return stream


def closed_stream(c):
    stream = c.call()
    answered(stream)(c)
    return stream


@case
def rfc9113_5_1_idle_data(c):
    """DATA on an idle stream is a connection error PROTOCOL_ERROR."""
    c.send(data(c.id(), b"test"))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_idle_rst_stream(c):
    """RST_STREAM on an idle stream is a connection error PROTOCOL_ERROR."""
    c.send(rst_stream(c.id()))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_idle_window_update(c):
    """WINDOW_UPDATE on an idle stream is a connection error PROTOCOL_ERROR."""
    c.send(window_update(c.id(), 100))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_idle_continuation(c):
    """CONTINUATION on an idle stream is a connection error PROTOCOL_ERROR."""
    c.send(continuation(c.id(), BLOCK))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_idle_priority(c):
    """PRIORITY on an idle stream is taken."""
    c.send(priority(c.next))
    return alive()


@case
def rfc9113_5_1_half_closed_data(c):
    """DATA on a stream half closed by the client is an error STREAM_CLOSED."""
    stream = half_closed(c)
    c.send(data(stream, b"test"))
    return refused(stream, STREAM_CLOSED)


@case
def rfc9113_5_1_half_closed_headers(c):
    """HEADERS on a stream half closed by the client are an error STREAM_CLOSED."""
    stream = half_closed(c)
    c.send(headers(stream, BLOCK, end=True))
    return refused(stream, STREAM_CLOSED)


@case
def rfc9113_5_1_half_closed_continuation(c):
    """CONTINUATION on a stream half closed by the client is an error."""
    stream = half_closed(c)
    c.send(continuation(stream, BLOCK))
    return refused(stream, STREAM_CLOSED, PROTOCOL_ERROR)


@case
def rfc9113_5_1_half_closed_window_update(c):
    """WINDOW_UPDATE on a stream half closed by the client is taken: its answer goes on."""
    stream = half_closed(c)
    c.send(window_update(stream, 1000))
    return answered(stream)


@case
def rfc9113_5_1_half_closed_priority(c):
    """PRIORITY on a stream half closed by the client is taken."""
    stream = half_closed(c)
    c.send(priority(stream), window_update(stream, 1000))
    return answered(stream)


@case
def rfc9113_5_1_half_closed_rst_stream(c):
    """RST_STREAM on a stream half closed by the client ends its answer."""
    stream = half_closed(c)
    c.send(rst_stream(stream), settings((INITIAL_WINDOW_SIZE, 65535)))
    alive()(c)
    if c.stream(stream).body:
        raise Failed("the answer went on after RST_STREAM")
    return alive()


@case
def rfc9113_5_1_closed_priority(c):
    """PRIORITY on a closed stream is taken."""
    c.send(priority(closed_stream(c)))
    return alive()


@case
def rfc9113_5_1_closed_window_update(c):
    """WINDOW_UPDATE on a closed stream, which may cross its end, is ignored."""
    c.send(window_update(closed_stream(c), 100))
    return alive()


@case
def rfc9113_5_1_closed_rst_stream(c):
    """RST_STREAM on a closed stream, which may cross its end, is ignored."""
    c.send(rst_stream(closed_stream(c)))
    return alive()


@case
def rfc9113_5_1_closed_data(c):
    """DATA on a closed stream are discarded, and their credit is given back."""
    stream = closed_stream(c)
    for _ in range(500):
        c.send(data(stream, bytes(16384), end=False))
    return so(lambda: c.updates >= 1_000_000, "the window of discarded DATA")


@case
def rfc9113_5_1_closed_headers(c):
    """HEADERS on a closed stream are discarded, but for what they do to the dynamic table."""
    stream = closed_stream(c)
    c.send(headers(stream, block([("x-new", "value")], 0x40), end=True))
    # The field that they added is the first of the table.
    other = c.id()
    c.send(headers(other, BLOCK + b"\xbe"), data(other, message(b"hi")))
    return answered(other)


@case
def rfc9113_5_1_closed_continuation(c):
    """CONTINUATION on a closed stream is a connection error."""
    c.send(continuation(closed_stream(c), BLOCK))
    return goaway(STREAM_CLOSED, PROTOCOL_ERROR)


@case
def rfc9113_5_1_reset_data(c):
    """DATA after the client's own RST_STREAM are discarded or an error STREAM_CLOSED."""
    stream = c.id()
    c.send(request(stream), rst_stream(stream), data(stream, b"test"))
    return alive()


@case
def rfc9113_5_1_reset_headers(c):
    """HEADERS after the client's own RST_STREAM are discarded, but for the dynamic table."""
    stream = c.id()
    c.send(request(stream), rst_stream(stream))
    c.send(headers(stream, block([("x-new", "value")], 0x40), end=True))
    other = c.id()
    c.send(headers(other, BLOCK + b"\xbe"), data(other, message(b"hi")))
    return answered(other)


@case
def rfc9113_5_1_reset_continuation(c):
    """CONTINUATION after the client's own RST_STREAM is a connection error."""
    stream = c.id()
    c.send(request(stream), rst_stream(stream), continuation(stream, BLOCK))
    return goaway(STREAM_CLOSED, PROTOCOL_ERROR)


@case
def rfc9113_5_1_reset_by_the_server(c):
    """What crosses the server's RST_STREAM is discarded, and its credit is given back."""
    stream = c.id()
    # An answer before the request is complete; the rest is not wanted.
    c.send(request(stream, "Nothing"))
    c.until(lambda: c.stream(stream).reset is not None, "RST_STREAM")
    for _ in range(500):
        c.send(data(stream, bytes(16384), end=False))
    c.send(headers(stream, block([("x-trailer", "x")]), end=True), window_update(stream, 10))
    return so(lambda: c.updates >= 1_000_000, "the window of discarded DATA")


@case
def rfc9113_5_1_1_even_number(c):
    """A client's stream of an even number is a connection error PROTOCOL_ERROR."""
    c.send(request(2, end=True))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_1_smaller_number(c):
    """A number below that of an earlier stream is a connection error PROTOCOL_ERROR."""
    c.send(request(7), data(7, message(b"hi")))
    answered(7)(c)
    c.send(request(5), data(5, message(b"hi")))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_5_1_1_numbers_are_skipped(c):
    """Numbers may be skipped, up to the last, 2^31-1."""
    streams = [1001, MOST]
    for stream in streams:
        c.send(request(stream), data(stream, message(b"hi")))
    return answered(*streams)


@case
def rfc9113_5_1_2_too_many_streams(c):
    """More streams than SETTINGS_MAX_CONCURRENT_STREAMS are an error."""
    for _ in range(c.settings[3]):
        c.send(request(c.id(), "Chat"))
    stream = c.id()
    c.send(request(stream, "Chat"))
    return refused(stream, PROTOCOL_ERROR, REFUSED_STREAM)


@case
def rfc9113_5_1_2_as_many_streams_as_allowed(c):
    """As many streams as SETTINGS_MAX_CONCURRENT_STREAMS run at a time."""
    streams = [c.id() for _ in range(c.settings[3])]
    for stream in streams:
        c.send(request(stream, "Echo"))
    for stream in reversed(streams):
        c.send(data(stream, message(b"hi")))
    return answered(*streams)


@case
def rfc9113_5_interleaved_streams(c):
    """Frames of several streams may be mixed at will."""
    streams = [c.id() for _ in range(10)]
    for stream in streams:
        c.send(request(stream))
    framed = message(b"interleaved")
    for offset in range(len(framed)):
        for stream in streams:
            end = offset == len(framed) - 1
            c.send(data(stream, framed[offset : offset + 1], end=end))
    return answered(*streams, content=b"interleaved")


@case
def rfc9113_5_3_headers_depend_on_themselves(c):
    """A stream that depends on itself is an error PROTOCOL_ERROR, as RFC 7540 had it."""
    stream = c.id()
    c.send(headers(stream, priority_fields(stream) + BLOCK, flags=PRIORITY_FLAG))
    return refused(stream, PROTOCOL_ERROR)


@case
def rfc9113_5_3_priority_of_itself(c):
    """PRIORITY of a stream on itself is nothing to RFC 9113, which dropped dependencies."""
    c.send(priority(c.next, c.next))
    return alive()


@case
def rfc9113_5_5_extension_frame(c):
    """Unknown extensions, frames and settings, are ignored."""
    c.send(frame(0x16, b"unknown", 0xFF), settings((0xF000, 1)))
    return alive()


@case
def rfc9113_5_5_extension_frame_inside_a_block(c):
    """An unknown frame inside a field block is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK, complete=False), frame(0x16, b"", 0, stream))
    c.send(continuation(stream, b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9218_7_1_priority_update(c):
    """PRIORITY_UPDATE, an extension that the server does not speak, is ignored."""
    c.send(frame(0x10, b"\0\0\0\3u=1"))
    return alive()


@case
def rfc9113_6_10_continuations(c):
    """A field block may come in several CONTINUATION frames, empty ones among them."""
    stream = c.id()
    parts = [BLOCK[:10], b"", BLOCK[10:40], BLOCK[40:41], BLOCK[41:]]
    c.send(headers(stream, b"", complete=False))
    for part in parts:
        c.send(continuation(stream, part, complete=False))
    c.send(continuation(stream, b""), data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_10_split_at_every_byte(c):
    """A field block may be split at any byte."""
    for offset in range(len(BLOCK) + 1):
        stream = c.id()
        c.send(headers(stream, BLOCK[:offset], complete=False))
        c.send(continuation(stream, BLOCK[offset:]), data(stream, message(b"hi")))
        answered(stream)(c)
    return alive()


@case
def rfc9113_6_10_end_stream_is_that_of_headers(c):
    """END_STREAM of HEADERS counts though CONTINUATION follows; on CONTINUATION it is nothing."""
    ended, open_ = c.id(), c.id()
    c.send(headers(ended, BLOCK, end=True, complete=False), continuation(ended, b""))
    c.send(headers(open_, BLOCK, complete=False), frame(CONTINUATION, b"", 4 | 1, open_))
    status(ended, 13)(c)
    c.send(data(open_, message(b"hi")))
    return answered(open_)


@case
def rfc9113_6_10_then_another_frame(c):
    """Another frame than CONTINUATION inside a field block is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK, complete=False), continuation(stream, b"", complete=False))
    c.send(data(stream, b"test"))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_10_of_another_stream(c):
    """CONTINUATION of another stream inside a field block is a connection error PROTOCOL_ERROR."""
    c.send(headers(c.id(), BLOCK, complete=False), continuation(c.id(), b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_10_stream_0(c):
    """CONTINUATION on stream 0 is a connection error PROTOCOL_ERROR."""
    c.send(headers(c.id(), BLOCK, complete=False), continuation(0, b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_10_after_complete_headers(c):
    """CONTINUATION after HEADERS with END_HEADERS is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK), continuation(stream, b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_10_after_a_complete_continuation(c):
    """CONTINUATION after one with END_HEADERS is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK, complete=False), continuation(stream, b""))
    c.send(continuation(stream, b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_10_after_data(c):
    """CONTINUATION after DATA is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK), data(stream, message(b"hi"), end=False))
    c.send(continuation(stream, b""))
    return goaway(PROTOCOL_ERROR)
