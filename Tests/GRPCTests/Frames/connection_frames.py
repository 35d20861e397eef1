"""RFC 9113 sections 6.5 to 6.8 and 7: frames of the whole connection, settings, error codes."""

from case import case
from expect import alive, answered, finished, goaway, so
from wire import (
    ACK,
    ENABLE_PUSH,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    GOAWAY,
    HEADER_TABLE_SIZE,
    INITIAL_WINDOW_SIZE,
    MAX_CONCURRENT_STREAMS,
    MAX_FRAME_SIZE,
    MAX_HEADER_LIST_SIZE,
    NO_ERROR,
    NO_RFC7540_PRIORITIES,
    PING,
    PROTOCOL_ERROR,
    PUSH_PROMISE,
    SETTINGS,
    Failed,
    block,
    data,
    frame,
    message,
    ping,
    request,
    request_fields,
    rst_stream,
    settings,
    window_update,
)
from wire import goaway as goaway_frame


@case
def rfc9113_6_5_settings(c):
    """SETTINGS at any time are acknowledged."""
    c.change((MAX_HEADER_LIST_SIZE, 100_000))
    c.change()
    return alive()


@case
def rfc9113_6_5_acknowledgement_with_payload(c):
    """An acknowledgement with a payload is a connection error FRAME_SIZE_ERROR."""
    c.send(settings((MAX_FRAME_SIZE, 16384), flags=ACK))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_6_5_on_a_stream(c):
    """SETTINGS on a stream are a connection error PROTOCOL_ERROR."""
    c.send(settings((MAX_CONCURRENT_STREAMS, 100), stream=1))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_5_wrong_length(c):
    """SETTINGS of a length that is no multiple of 6 are a connection error FRAME_SIZE_ERROR."""
    c.send(frame(SETTINGS, bytes(3)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_6_5_2_enable_push(c):
    """SETTINGS_ENABLE_PUSH may be 0 and 1, and nothing is pushed."""
    c.change((ENABLE_PUSH, 1))
    alive()(c)
    c.change((ENABLE_PUSH, 0))
    if PUSH_PROMISE in c.frames:
        raise Failed("the server pushed")
    return alive()


@case
def rfc9113_6_5_2_enable_push_of_2(c):
    """SETTINGS_ENABLE_PUSH of 2 is a connection error PROTOCOL_ERROR."""
    c.send(settings((ENABLE_PUSH, 2)))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_5_2_window_too_large(c):
    """SETTINGS_INITIAL_WINDOW_SIZE of 2^31 is a connection error FLOW_CONTROL_ERROR."""
    c.send(settings((INITIAL_WINDOW_SIZE, 1 << 31)))
    return goaway(FLOW_CONTROL_ERROR)


@case
def rfc9113_6_5_2_largest_window(c):
    """SETTINGS_INITIAL_WINDOW_SIZE of 2^31-1 is taken."""
    c.change((INITIAL_WINDOW_SIZE, (1 << 31) - 1))
    return alive()


@case
def rfc9113_6_5_2_frame_size_too_small(c):
    """SETTINGS_MAX_FRAME_SIZE of 2^14-1 is a connection error PROTOCOL_ERROR."""
    c.send(settings((MAX_FRAME_SIZE, 16383)))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_5_2_frame_size_too_large(c):
    """SETTINGS_MAX_FRAME_SIZE of 2^24 is a connection error PROTOCOL_ERROR."""
    c.send(settings((MAX_FRAME_SIZE, 1 << 24)))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_5_2_frame_size_is_kept_to(c):
    """No frame of an answer is longer than SETTINGS_MAX_FRAME_SIZE."""
    content = bytes(100_000)
    answered(c.call(content=content), content=content)(c)
    if c.largest > 16384:
        raise Failed("a frame of %d bytes came" % c.largest)
    return alive()


@case
def rfc9113_6_5_2_frame_size_raised(c):
    """SETTINGS_MAX_FRAME_SIZE may be raised to 2^24-1, and answers stay whole."""
    c.change((MAX_FRAME_SIZE, (1 << 24) - 1))
    content = bytes(1_000_000)
    return answered(c.call(content=content), content=content)


@case
def rfc9113_6_5_2_header_table_of_0(c):
    """SETTINGS_HEADER_TABLE_SIZE of 0 is kept to by the encoder of answers."""
    c.change((HEADER_TABLE_SIZE, 0))
    # The decoder raises if an answer uses more, or does not say that it uses less.
    c.decoder.max_allowed_table_size = 0
    return alive()


@case
def rfc9113_6_5_2_header_table_of_4_gibibytes(c):
    """SETTINGS_HEADER_TABLE_SIZE of 2^32-1 allows and does not oblige."""
    c.change((HEADER_TABLE_SIZE, (1 << 32) - 1))
    c.decoder.max_allowed_table_size = (1 << 32) - 1
    return alive()


@case
def rfc9113_6_5_2_header_list_of_1(c):
    """SETTINGS_MAX_HEADER_LIST_SIZE is advice, and takes no call its status."""
    c.change((MAX_HEADER_LIST_SIZE, 1))
    return alive()


@case
def rfc9113_6_5_2_streams_of_the_server(c):
    """SETTINGS_MAX_CONCURRENT_STREAMS of 0 is about streams of the server: it says nothing here."""
    c.change((MAX_CONCURRENT_STREAMS, 0))
    return alive()


@case
def rfc9113_6_5_2_unknown_setting(c):
    """An unknown setting is ignored, and acknowledged."""
    c.change((0xFF, 0xFFFFFFFF), (0, 1))
    return alive()


@case
def rfc9218_2_1_no_priorities(c):
    """SETTINGS_NO_RFC7540_PRIORITIES of another value than 0 and 1 is a PROTOCOL_ERROR."""
    c.send(settings((NO_RFC7540_PRIORITIES, 2)))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_5_3_last_value_counts(c):
    """Of one setting several times in a frame, the last value counts."""
    c.gives_windows = False
    c.change((INITIAL_WINDOW_SIZE, 100), (INITIAL_WINDOW_SIZE, 1))
    stream = c.call()
    c.until(lambda: c.stream(stream).body, "a first byte")
    c.settle()
    if len(c.stream(stream).body) != 1:
        raise Failed("more came than the window: %s" % c)
    c.send(window_update(stream, 100))
    return answered(stream)


@case
def rfc9113_6_5_3_each_is_acknowledged(c):
    """Each SETTINGS frame is acknowledged by itself."""
    before = c.acknowledged
    c.send(*[settings((INITIAL_WINDOW_SIZE, 65535 + each)) for each in range(10)])
    return so(lambda: c.acknowledged == before + 10, "10 acknowledgements")


@case
def rfc9113_6_5_3_acknowledgement_unasked(c):
    """An acknowledgement of SETTINGS that were never sent is taken or a PROTOCOL_ERROR."""
    c.send(settings(flags=ACK))
    c.send(ping(b"__settle"))
    c.until(lambda: b"__settle" in c.pings or c.goaway, "an answer")
    return goaway(PROTOCOL_ERROR) if c.goaway else alive()


@case
def rfc9113_6_6_push_promise(c):
    """PUSH_PROMISE of a client is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(request(stream))
    c.send(frame(PUSH_PROMISE, b"\0\0\0\2" + block(request_fields()), 4, stream))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_7_ping(c):
    """PING is answered with its own payload."""
    c.send(ping(b"\0\xff\x80abcde"))
    return so(lambda: b"\0\xff\x80abcde" in c.pings, "the same payload")


@case
def rfc9113_6_7_pings_in_order(c):
    """PINGs are answered in their order."""
    payloads = [b"ping  %02d" % each for each in range(20)]
    c.send(*map(ping, payloads))
    return so(lambda: c.pings == payloads, "20 answers in order")


@case
def rfc9113_6_7_acknowledgement(c):
    """PING with ACK is not answered."""
    c.send(ping(b"not this", ACK))
    c.settle()
    if b"not this" in c.pings:
        raise Failed("an acknowledgement was answered")
    return alive()


@case
def rfc9113_6_7_on_a_stream(c):
    """PING on a stream is a connection error PROTOCOL_ERROR."""
    c.send(ping(stream=1))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_7_wrong_length(c):
    """PING of another length than 8 is a connection error FRAME_SIZE_ERROR."""
    c.send(frame(PING, bytes(6)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_5_4_1_goaway_names_the_last_stream(c):
    """GOAWAY of a connection error names the last stream that was processed, then the end comes."""
    last = c.call()
    answered(last)(c)
    c.send(frame(PING, bytes(6)))
    goaway(FRAME_SIZE_ERROR)(c)
    if c.goaway[0] != last:
        raise Failed("GOAWAY names stream %d instead of %d" % (c.goaway[0], last))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_6_8_on_a_stream(c):
    """GOAWAY on a stream is a connection error PROTOCOL_ERROR."""
    c.send(frame(GOAWAY, bytes(8), 0, 1))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_8_too_short(c):
    """GOAWAY of less than 8 bytes is a connection error FRAME_SIZE_ERROR."""
    c.send(frame(GOAWAY, bytes(7)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_6_8_running_calls_are_answered(c):
    """A client's GOAWAY lets running calls end, and then the connection."""
    stream = c.id()
    c.send(request(stream), goaway_frame(NO_ERROR, 0, b"thank you"))
    c.settle()
    c.send(data(stream, message(b"hi")))
    return finished(stream)


@case
def rfc9113_6_8_request_right_after_it(c):
    """A request that follows the client's own GOAWAY while a call runs is answered too."""
    first, second = c.id(), c.id()
    c.send(request(first), goaway_frame())
    c.send(request(second), data(second, message(b"hi")))
    answered(second)(c)
    c.send(data(first, message(b"hi")))
    return finished(first)


@case
def rfc9113_6_8_with_no_call_running(c):
    """A client's GOAWAY with no call running ends the connection without an error."""
    stream = c.call()
    answered(stream)(c)
    c.send(goaway_frame())
    return finished(stream)


@case
def rfc9113_7_unknown_code_of_goaway(c):
    """GOAWAY with an unknown error code triggers nothing special."""
    stream = c.id()
    c.send(request(stream), goaway_frame(0xFF), data(stream, message(b"hi")))
    return finished(stream)


@case
def rfc9113_7_unknown_code_of_rst_stream(c):
    """RST_STREAM with an unknown error code triggers nothing special."""
    stream = c.id()
    c.send(request(stream), rst_stream(stream, 0xFFFFFFFF))
    return alive()


@case
def rfc9113_7_every_code_of_rst_stream(c):
    """RST_STREAM with any error code ends a call in the same way."""
    for code in range(14):
        stream = c.id()
        c.send(request(stream, "Chat"), rst_stream(stream, code))
    return alive()
