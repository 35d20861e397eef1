"""RFC 7541: field blocks as bytes."""

import random

import hpack

from case import case
from expect import alive, answered, goaway, reset, status
from wire import (
    COMPRESSION_ERROR,
    block,
    continuation,
    data,
    headers,
    integer,
    literal,
    message,
    request_fields,
    string,
)

BLOCK = block(request_fields())
# Positions of the static table (RFC 7541 appendix A) and the first of the dynamic one.
USER_AGENT, DYNAMIC = 58, 62


def call(c, *parts):
    """A call whose field block is all of these bytes."""
    stream = c.id()
    c.send(headers(stream, b"".join(parts)), data(stream, message(b"hi")))
    return stream


def broken(c, *parts):
    call(c, *parts)
    return goaway(COMPRESSION_ERROR)


def huffman(text):
    """A string in Huffman's code."""
    from hpack.huffman import HuffmanEncoder
    from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH

    coded = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH).encode(text.encode())
    return integer(len(coded), 7, 0x80) + coded


def forms(first, prefix):
    """The four ways to write one literal field: name by index or new, values plain or coded."""
    return [
        integer(USER_AGENT, prefix, first) + string("test"),
        integer(USER_AGENT, prefix, first) + huffman("test"),
        bytes([first]) + string("x-test") + string("test"),
        bytes([first]) + huffman("x-test") + huffman("test"),
    ]


@case
def rfc7541_6_1_static_index(c):
    """Fields by index of the static table are taken."""
    # :method POST, :scheme http.
    fields = [b"\x83\x86"] + [literal(*field) for field in request_fields()[2:]]
    return answered(call(c, *fields))


@case
def rfc7541_6_1_dynamic_index(c):
    """Fields by index of the dynamic table are taken, in later requests too."""
    one = call(c, block(request_fields(), 0x40))
    last = len(request_fields()) - 1
    two = call(c, *[integer(DYNAMIC + last - each, 7, 0x80) for each in range(last + 1)])
    return answered(one, two)


@case
def rfc7541_6_2_1_incremental_indexing(c):
    """Literals with incremental indexing are taken in all forms, and can be referred to."""
    streams = [call(c, BLOCK, form) for form in forms(0x40, 6)]
    return answered(*streams, call(c, BLOCK, b"\xbe\xbf\xc0\xc1"))


@case
def rfc7541_6_2_2_without_indexing(c):
    """Literals without indexing are taken in all forms."""
    return answered(*[call(c, BLOCK, form) for form in forms(0x00, 4)])


@case
def rfc7541_6_2_2_without_indexing_adds_nothing(c):
    """A literal without indexing cannot be referred to."""
    answered(call(c, BLOCK, literal("x-test", "test")))(c)
    return broken(c, BLOCK, b"\xbe")


@case
def rfc7541_6_2_3_never_indexed(c):
    """Literals that are never indexed are taken in all forms."""
    return answered(*[call(c, BLOCK, form) for form in forms(0x10, 4)])


@case
def rfc7541_6_2_3_never_indexed_adds_nothing(c):
    """A literal that is never indexed cannot be referred to."""
    answered(call(c, BLOCK, literal("x-test", "test", 0x10)))(c)
    return broken(c, BLOCK, b"\xbe")


@case
def rfc7541_2_3_3_index_beyond_the_tables(c):
    """An index beyond both tables is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, integer(70, 7, 0x80))


@case
def rfc7541_2_3_3_name_beyond_the_tables(c):
    """A literal whose name's index is beyond both tables is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, integer(70, 6, 0x40) + string("test"))


@case
def rfc7541_2_3_3_index_after_eviction(c):
    """An entry that was evicted cannot be referred to."""
    answered(call(c, BLOCK, literal("x-old", "a", 0x40), literal("x-big", "b" * 3000, 0x40)))(c)
    answered(call(c, BLOCK, literal("x-big", "c" * 3000, 0x40)))(c)
    return broken(c, BLOCK, b"\xbf")


@case
def rfc7541_4_2_update_at_the_end(c):
    """A table size update behind a field is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, integer(0, 5, 0x20))


@case
def rfc7541_4_3_update_evicts(c):
    """A smaller table loses its entries."""
    answered(call(c, BLOCK, literal("x-test", "test", 0x40)))(c)
    answered(call(c, integer(0, 5, 0x20), BLOCK))(c)
    return broken(c, integer(4096, 5, 0x20), BLOCK, b"\xbe")


@case
def rfc7541_4_4_entry_larger_than_the_table(c):
    """A field that is larger than the table empties it and is no error."""
    one = call(c, BLOCK, literal("x-test", "test", 0x40))
    two = call(c, BLOCK, literal("x-big", "b" * 5000, 0x40))
    answered(one, two)(c)
    return broken(c, BLOCK, b"\xbe")


@case
def rfc7541_5_1_integer_with_too_many_bytes(c):
    """An integer beyond all limits is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, b"\xff" + b"\xff" * 12 + b"\x01")


@case
def rfc7541_5_1_integer_of_zeros(c):
    """An integer padded with zeros without end is a COMPRESSION_ERROR or an index as any other."""
    return broken(c, BLOCK, b"\xff" + b"\x80" * 100 + b"\x01")


@case
def rfc7541_5_2_padding_longer_than_7_bits(c):
    """Padding of Huffman's code of more than 7 bits is a COMPRESSION_ERROR."""
    # "a" is 00011, then 11 bits of padding.
    return broken(c, BLOCK, b"\x00" + string("x-test") + b"\x82\x1f\xff")


@case
def rfc7541_5_2_padding_of_zeros(c):
    """Padding of Huffman's code that is not of ones is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, b"\x00" + string("x-test") + b"\x81\x18")


@case
def rfc7541_5_2_end_of_string(c):
    """The symbol EOS in a string is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, b"\x00" + string("x-test") + b"\x84\xff\xff\xff\xff")


@case
def rfc7541_5_2_string_beyond_the_block(c):
    """A string longer than its block is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, b"\x00" + string("x-test") + b"\x0aabc")


@case
def rfc7541_6_1_index_0(c):
    """The index 0 is a COMPRESSION_ERROR."""
    return broken(c, BLOCK, b"\x80")


@case
def rfc7541_6_3_update(c):
    """A table size update at the start of a block is taken."""
    return answered(call(c, b"\x20", BLOCK), call(c, integer(4096, 5, 0x20), BLOCK))


@case
def rfc7541_6_3_several_updates(c):
    """Several table size updates at the start of a block are taken."""
    return answered(call(c, b"\x20", integer(1000, 5, 0x20), BLOCK))


@case
def rfc7541_6_3_update_beyond_the_limit(c):
    """An update over SETTINGS_HEADER_TABLE_SIZE is a COMPRESSION_ERROR."""
    return broken(c, integer(4097, 5, 0x20), BLOCK)


@case
def rfc7541_6_3_update_alone(c):
    """A block of a table size update alone has none of the fields of a request."""
    return reset(call(c, b"\x20"), 1)


@case
def rfc7541_7_1_3_empty_names_and_values(c):
    """An empty value is taken, an empty name makes a request malformed."""
    answered(call(c, BLOCK, literal("x-empty", "")))(c)
    return reset(call(c, BLOCK, literal("", "value")), 1)


@case
def rfc7541_tables_stay_in_step(c):
    """A hundred requests of a real encoder with a changing table are all understood."""
    encoder, noise = hpack.Encoder(), random.Random(7541)
    streams = []
    for index in range(100):
        if index % 10 == 9:
            encoder.header_table_size = noise.choice([0, 50, 200, 1000, 4096])
        extra = [
            ("x-%d" % noise.randrange(20), "v" * noise.randrange(60))
            for _ in range(noise.randrange(8))
        ]
        fields = encoder.encode(request_fields(extra=extra), huffman=noise.random() < 0.5)
        cut = noise.randrange(len(fields) + 1)
        stream = c.id()
        c.send(headers(stream, fields[:cut], complete=False), continuation(stream, fields[cut:]))
        c.send(data(stream, message(b"hi")))
        streams.append(stream)
        answered(stream)(c)
    return answered(*streams)


@case
def rfc7541_tables_survive_refused_calls(c):
    """Requests that are refused leave the dynamic table as their fields made it."""
    bad = [
        request_fields("Nothing"),
        request_fields(content_type="text/plain"),
        request_fields(_method="GET"),
        request_fields(extra=[("X-Upper", "a")]),
    ]
    for number, fields in enumerate(bad):
        call(c, block(fields), literal("x-number", str(number), 0x40))
    return answered(call(c, BLOCK, b"\xbe\xbf\xc0\xc1"))


@case
def rfc7541_huge_field_never_indexed(c):
    """A field of 8 KiB, never indexed, over CONTINUATION is taken."""
    field = literal("x-huge", "h" * 8192, 0x10)
    stream = c.id()
    c.send(headers(stream, BLOCK + field[:5000], complete=False))
    c.send(continuation(stream, field[5000:]), data(stream, message(b"hi")))
    return answered(stream)


@case
def rfc9113_6_5_2_header_list_over_the_limit(c):
    """A header list over SETTINGS_MAX_HEADER_LIST_SIZE is RESOURCE_EXHAUSTED, and no more."""
    stream = c.id()
    c.send(headers(stream, BLOCK + literal("x-huge", "h" * 9000), complete=False))
    c.send(continuation(stream, literal("x-too", "h" * 9000)), data(stream, message(b"hi")))
    status(stream, 8)(c)
    return alive()


@case
def rfc9113_6_5_2_header_list_blown_up(c):
    """A small block that the dynamic table makes a large list is refused by what it becomes."""
    stream = c.id()
    bomb = literal("x-bomb", "b" * 3900, 0x40) + b"\xbe" * 10_000
    c.send(headers(stream, BLOCK + bomb), data(stream, message(b"hi")))
    c.until(
        lambda: c.goaway or c.stream(stream).has_ended or c.stream(stream).reset is not None,
        "an end",
    )
    if c.goaway:
        return goaway(11, 2, 1)
    return status(stream, 8)
