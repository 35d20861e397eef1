"""RFC 9113 sections 4 and 6.1 to 6.4: the form of frames, DATA, HEADERS, PRIORITY, RST_STREAM."""

from case import case
from expect import alive, answered, goaway, refused
from wire import (
    CANCEL,
    COMPRESSION_ERROR,
    DATA,
    END_HEADERS,
    FRAME_SIZE_ERROR,
    HEADERS,
    NO_ERROR,
    PADDED,
    PRIORITY,
    PRIORITY_FLAG,
    PROTOCOL_ERROR,
    RST_STREAM,
    block,
    continuation,
    data,
    frame,
    headers,
    literal,
    message,
    ping,
    priority,
    priority_fields,
    request,
    request_fields,
    rst_stream,
)

BLOCK = block(request_fields())


@case
def rfc9113_4_1_unknown_type_on_the_connection(c):
    """A frame of an unknown type is discarded."""
    c.send(frame(0x16, b"what is this"))
    return alive()


@case
def rfc9113_4_1_unknown_type_on_an_open_stream(c):
    """A frame of an unknown type on an open stream is discarded."""
    stream = c.id()
    c.send(request(stream), frame(0xFF, b"?", 0xFF, stream), data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_4_1_unknown_type_on_an_idle_stream(c):
    """A frame of an unknown type on an idle stream is discarded."""
    c.send(frame(0x20, b"", 0, 99))
    return alive()


@case
def rfc9113_4_1_undefined_flags(c):
    """Undefined flags are ignored."""
    c.send(ping(flags=0xFE))
    return alive()


@case
def rfc9113_4_1_undefined_flags_of_a_request(c):
    """Undefined flags of HEADERS and DATA are ignored."""
    stream = c.id()
    c.send(headers(stream, BLOCK, flags=0xD2 & ~PADDED))
    c.send(frame(DATA, message(b"hi"), 0xF7, stream))
    return answered(stream)


@case
def rfc9113_4_1_reserved_bit(c):
    """The reserved bit of a stream's number is ignored."""
    stream = c.id()
    c.send(ping(stream=0x80000000), request(stream | 0x80000000))
    c.send(data(stream | 0x80000000, message(b"hi")))
    return answered(stream)


@case
def rfc9113_4_2_largest_data(c):
    """A DATA frame of 2^14 bytes is taken."""
    content = bytes(16384 - 5)
    return answered(c.call(content=content), content=content)


@case
def rfc9113_4_2_data_too_large(c):
    """A DATA frame over SETTINGS_MAX_FRAME_SIZE is an error FRAME_SIZE_ERROR."""
    stream = c.id()
    c.send(request(stream), data(stream, bytes(16385)))
    return refused(stream, FRAME_SIZE_ERROR)


@case
def rfc9113_4_2_headers_too_large(c):
    """A HEADERS frame over SETTINGS_MAX_FRAME_SIZE is a connection error FRAME_SIZE_ERROR."""
    c.send(headers(c.id(), BLOCK + bytes(16385)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_4_2_continuation_too_large(c):
    """A CONTINUATION frame over SETTINGS_MAX_FRAME_SIZE is a connection error FRAME_SIZE_ERROR."""
    stream = c.id()
    c.send(
        headers(stream, BLOCK, complete=False),
        continuation(stream, literal("x-large", bytes(16385))),
    )
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_4_2_unknown_frame_too_large(c):
    """A frame over SETTINGS_MAX_FRAME_SIZE of an unknown type is an error FRAME_SIZE_ERROR."""
    c.send(frame(0x42, bytes(16385)))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_4_2_length_of_16_mebibytes(c):
    """A length of 2^24-1 is refused before its bytes come."""
    c.send(frame(DATA, b"", 0, 1, length=0xFFFFFF))
    return goaway(FRAME_SIZE_ERROR)


@case
def rfc9113_4_3_invalid_block(c):
    """A field block that cannot be decoded is a connection error COMPRESSION_ERROR."""
    c.send(headers(c.id(), b"\xff\xff\xff\xff\xff\xff\xff\xff", end=True))
    return goaway(COMPRESSION_ERROR)


@case
def rfc9113_4_3_truncated_block(c):
    """A field block that ends within a field is a connection error COMPRESSION_ERROR."""
    c.send(headers(c.id(), BLOCK[:-3], end=True))
    return goaway(COMPRESSION_ERROR)


@case
def rfc9113_4_3_priority_inside_a_block(c):
    """PRIORITY inside a field block is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK, complete=False), priority(stream), continuation(stream, b""))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_4_3_headers_of_another_stream_inside_a_block(c):
    """HEADERS of another stream inside a field block are a connection error PROTOCOL_ERROR."""
    c.send(headers(c.id(), BLOCK, complete=False), headers(c.id(), BLOCK, end=True))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_4_3_ping_inside_a_block(c):
    """PING inside a field block is a connection error PROTOCOL_ERROR."""
    c.send(headers(c.id(), BLOCK, complete=False), ping())
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_1_data_in_many_frames(c):
    """A message may come in many DATA frames, empty ones among them."""
    stream = c.id()
    parts = [data(stream, bytes([byte]), end=False) for byte in message(b"hi")]
    c.send(request(stream), data(stream, end=False), *parts, data(stream))
    return answered(stream)


@case
def rfc9113_6_1_padding(c):
    """Padding of DATA, from none to 255 bytes, is taken off."""
    streams = []
    for padding in (0, 1, 255):
        streams.append(c.id())
        c.send(request(streams[-1]), data(streams[-1], message(b"hi"), padding=padding))
    return answered(*streams)


@case
def rfc9113_6_1_padding_alone(c):
    """DATA of nothing but padding says nothing."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi"), end=False), data(stream, padding=255))
    return answered(stream)


@case
def rfc9113_6_1_padding_counts_and_is_given_back(c):
    """Padding counts for the windows, which open again for it."""
    stream = c.id()
    content = bytes(600)
    c.send(request(stream))
    c.upload(stream, message(content), most=1, padding=255)
    return answered(stream, content=content)


@case
def rfc9113_6_1_data_on_stream_0(c):
    """DATA on stream 0 is a connection error PROTOCOL_ERROR."""
    c.send(data(0, b"test"))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_1_data_on_a_stream_of_the_server(c):
    """DATA on a stream that only the server could open is a connection error PROTOCOL_ERROR."""
    c.send(data(2, b"test"))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_1_padding_longer_than_the_payload(c):
    """A pad length of the payload's length or more is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(request(stream), frame(DATA, b"\x06hello", PADDED, stream))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_1_padding_without_its_length(c):
    """DATA that says it is padded and is empty is an error."""
    stream = c.id()
    c.send(request(stream), frame(DATA, b"", PADDED, stream))
    return refused(stream, FRAME_SIZE_ERROR, PROTOCOL_ERROR)


@case
def rfc9113_6_2_padding(c):
    """Padding of HEADERS is taken off."""
    stream = c.id()
    c.send(frame(HEADERS, b"\xff" + BLOCK + bytes(255), END_HEADERS | PADDED, stream))
    c.send(data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_2_priority(c):
    """HEADERS with the priority that RFC 9113 deprecates are taken."""
    stream = c.id()
    c.send(headers(stream, priority_fields(0, 255, True) + BLOCK, flags=PRIORITY_FLAG))
    c.send(data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_2_padding_and_priority(c):
    """HEADERS with padding and priority are taken."""
    stream = c.id()
    payload = b"\x03" + priority_fields(0, 1) + BLOCK + bytes(3)
    c.send(frame(HEADERS, payload, END_HEADERS | PADDED | PRIORITY_FLAG, stream))
    c.send(data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_2_incomplete_then_priority(c):
    """PRIORITY of another stream after HEADERS without END_HEADERS is a PROTOCOL_ERROR."""
    c.send(headers(c.id(), BLOCK, complete=False), priority(99))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_2_incomplete_then_data(c):
    """DATA after HEADERS without END_HEADERS is a connection error PROTOCOL_ERROR."""
    stream = c.id()
    c.send(headers(stream, BLOCK, complete=False), data(stream, message(b"hi")))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_2_stream_0(c):
    """HEADERS on stream 0 are a connection error PROTOCOL_ERROR."""
    c.send(headers(0, BLOCK, end=True))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_2_padding_longer_than_the_payload(c):
    """A pad length of HEADERS beyond the payload is a connection error PROTOCOL_ERROR."""
    payload = b"\xff" + BLOCK[:20]
    c.send(frame(HEADERS, payload, END_HEADERS | PADDED, c.id()))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_2_too_short_for_its_priority(c):
    """HEADERS that are too short for the priority they announce are a FRAME_SIZE_ERROR."""
    c.send(frame(HEADERS, b"\0\0", END_HEADERS | PRIORITY_FLAG, c.id()))
    return goaway(FRAME_SIZE_ERROR, PROTOCOL_ERROR)


@case
def rfc9113_6_3_priorities(c):
    """PRIORITY frames of any weight, dependency and exclusiveness change nothing."""
    stream = c.id()
    for each in (priority(stream, 0, 0), priority(stream, 0, 255), priority(stream, 1, 15)):
        c.send(each)
    c.send(priority(stream, 1, 15, True), request(stream), priority(stream, 0, 7, True))
    c.send(data(stream, message(b"hi")), priority(stream))
    return answered(stream)


@case
def rfc9113_6_3_idle_stream_then_a_lower_one(c):
    """PRIORITY of an idle stream leaves lower streams free to be opened."""
    c.send(priority(1001))
    return alive()


@case
def rfc9113_6_3_stream_0(c):
    """PRIORITY on stream 0 is a connection error PROTOCOL_ERROR."""
    c.send(priority(0, 1))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_3_wrong_length(c):
    """PRIORITY of another length than 5 is an error FRAME_SIZE_ERROR."""
    stream = c.id()
    c.send(request(stream), frame(PRIORITY, bytes(4), 0, stream))
    return refused(stream, FRAME_SIZE_ERROR)


@case
def rfc9113_6_4_reset_ends_a_call(c):
    """RST_STREAM ends its call and frees its place among the concurrent streams."""
    for _ in range(3):
        for _ in range(c.settings[3]):
            stream = c.id()
            c.send(request(stream, "Chat"), rst_stream(stream, CANCEL))
    return alive()


@case
def rfc9113_6_4_reset_without_an_error(c):
    """RST_STREAM(NO_ERROR) of an open stream ends it as any other."""
    stream = c.id()
    c.send(request(stream), rst_stream(stream, NO_ERROR))
    return alive()


@case
def rfc9113_6_4_stream_0(c):
    """RST_STREAM on stream 0 is a connection error PROTOCOL_ERROR."""
    c.send(rst_stream(0))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_4_idle_stream(c):
    """RST_STREAM of an idle stream is a connection error PROTOCOL_ERROR."""
    c.send(rst_stream(c.id()))
    return goaway(PROTOCOL_ERROR)


@case
def rfc9113_6_4_wrong_length(c):
    """RST_STREAM of another length than 4 is a connection error FRAME_SIZE_ERROR."""
    stream = c.id()
    c.send(request(stream), frame(RST_STREAM, bytes(3), 0, stream))
    return goaway(FRAME_SIZE_ERROR)
