"""RFC 9113 section 6.9: flow control."""

from case import case
from expect import answered, goaway, refused, reset
from states import half_closed
from wire import (
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    INITIAL_WINDOW_SIZE,
    PROTOCOL_ERROR,
    WINDOW_UPDATE,
    Failed,
    data,
    frame,
    message,
    request,
    settings,
    window_update,
)

MOST = (1 << 31) - 1


@case
def rfc9113_6_9_window_updates(c):
    """WINDOW_UPDATE opens the windows of stream and connection."""
    c.gives_windows = False
    c.change((INITIAL_WINDOW_SIZE, 0))
    stream = c.call(content=bytes(70_000))
    c.send(window_update(0, 70_000))
    for _ in range(100):
        c.send(window_update(stream, 701))
    return answered(stream, content=bytes(70_000))


@case
def rfc9113_6_9_increment_of_0(c):
    """WINDOW_UPDATE of 0 on the connection is a connection error PROTOCOL_ERROR."""
    c.send(window_update(0, 0))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_9_increment_of_0_on_a_stream(c):
    """WINDOW_UPDATE of 0 on a stream is an error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(request(stream), window_update(stream, 0))
    return refused(stream, PROTOCOL_ERROR)


@case
def rfc9113_6_9_wrong_length(c):
    """WINDOW_UPDATE of another length than 4 is a connection error FRAME_SIZE_ERROR."""
    c.send(frame(WINDOW_UPDATE, bytes(3)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_6_9_reserved_bit(c):
    """The reserved bit of an increment is ignored."""
    stream = half_closed(c)
    c.send(window_update(stream, 0x80000000 | 1000))
    return answered(stream)


@case
def rfc9113_6_9_1_window_of_1(c):
    """With a window of 1 byte the answer comes byte by byte."""
    c.gives_windows = False
    c.change((INITIAL_WINDOW_SIZE, 1))
    stream = c.call()
    size = len(message(b"hi"))
    for count in range(1, size + 1):
        c.until(lambda: len(c.stream(stream).body) >= count, "byte %d" % count)
        c.settle()
        if len(c.stream(stream).body) != count:
            raise Failed("more came than the window: %s" % c)
        c.send(window_update(stream, 1))
    return answered(stream)


@case
def rfc9113_6_9_1_window_of_the_connection(c):
    """All streams together get no more than the connection's window."""
    c.gives_windows = False
    streams = [c.call(content=bytes(30_000)) for _ in range(4)]

    def count():
        return sum(len(c.stream(stream).body) for stream in streams)

    c.until(lambda: count() >= 65535, "a full window")
    c.settle()
    if count() != 65535:
        raise Failed("%d bytes came for a window of 65535" % count())
    c.send(window_update(0, 1_000_000))
    return answered(*streams, content=bytes(30_000))


@case
def rfc9113_6_9_1_overflow(c):
    """A connection's window over 2^31-1 is a connection error FLOW_CONTROL_ERROR."""
    c.send(window_update(0, MOST), window_update(0, MOST))
    return goaway(FLOW_CONTROL_ERROR)


@case
def rfc9113_6_9_1_overflow_on_a_stream(c):
    """A stream's window over 2^31-1 is a stream error FLOW_CONTROL_ERROR."""
    stream = c.id()
    c.send(request(stream), window_update(stream, MOST), window_update(stream, MOST))
    return reset(stream, FLOW_CONTROL_ERROR)


@case
def rfc9113_6_9_1_largest_window(c):
    """Windows may be opened to 2^31-1 exactly."""
    stream = c.id()
    c.send(request(stream), window_update(stream, MOST - 65535), data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_9_1_more_than_the_servers_window(c):
    """DATA beyond the server's window of a stream are an error FLOW_CONTROL_ERROR."""
    stream = c.id()
    c.send(request(stream, "Hold"))
    # Several messages, so that the second waits for the handler, which takes none.
    framed = message(b"") * 13107
    for offset in range(0, 65535, 16384):
        c.send(data(stream, framed[offset : offset + 16384], end=False))
    c.settle()
    if c.stream(stream).reset is not None or c.goaway:
        raise Failed("the whole window cannot be used: %s" % c)
    c.send(data(stream, b"\0", end=False))
    return refused(stream, FLOW_CONTROL_ERROR)


@case
def rfc9113_6_9_2_window_after_the_headers(c):
    """A change of SETTINGS_INITIAL_WINDOW_SIZE counts for streams that are open."""
    stream = half_closed(c)
    c.send(settings((INITIAL_WINDOW_SIZE, 1)))
    c.until(lambda: c.stream(stream).body, "a first byte")
    c.settle()
    if len(c.stream(stream).body) != 1:
        raise Failed("more came than the window: %s" % c)
    c.send(settings((INITIAL_WINDOW_SIZE, 65535)))
    return answered(stream)


@case
def rfc9113_6_9_2_negative_window(c):
    """A window that a change made negative is filled up before more is sent."""
    c.gives_windows = False
    c.change((INITIAL_WINDOW_SIZE, 20))
    content = bytes(100)
    stream = c.call(content=content)
    c.until(lambda: len(c.stream(stream).body) >= 20, "20 bytes")
    # -15, and then 0.
    c.change((INITIAL_WINDOW_SIZE, 5))
    c.send(window_update(stream, 15))
    c.settle()
    if len(c.stream(stream).body) != 20:
        raise Failed("something came with a window of 0: %s" % c)
    c.send(window_update(stream, 1))
    c.until(lambda: len(c.stream(stream).body) > 20, "one byte more")
    c.settle()
    if len(c.stream(stream).body) != 21:
        raise Failed("more came than the window: %s" % c)
    c.send(window_update(stream, 1000))
    return answered(stream, content=content)


@case
def rfc9113_6_9_2_overflow_by_settings(c):
    """A change of settings that takes a stream's window over 2^31-1 is a FLOW_CONTROL_ERROR."""
    stream = half_closed(c)
    c.send(window_update(stream, 1), window_update(stream, 1))
    c.send(window_update(stream, MOST - 1000), settings((INITIAL_WINDOW_SIZE, MOST)))
    return goaway(FLOW_CONTROL_ERROR)
