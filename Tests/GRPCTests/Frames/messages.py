"""RFC 9113 section 8: requests as HTTP has them."""

from case import case
from expect import alive, answered, http, refused, reset, status
from wire import (
    PROTOCOL_ERROR,
    Failed,
    block,
    continuation,
    data,
    headers,
    message,
    request,
    request_fields,
)


def malformed(c, fields):
    """A request with such fields, which RFC 9113 section 8.1.1 has treated as a stream error."""
    stream = c.id()
    c.send(headers(stream, block(fields), end=False))
    c.send(data(stream, message(b"hi")))
    return reset(stream, PROTOCOL_ERROR)


@case
def rfc9113_8_1_trailers(c):
    """Trailers of a request are taken, and end it."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi"), end=False))
    c.send(headers(stream, block([("x-checksum", "1"), ("x-sum-bin", "AAE")]), end=True))
    return answered(stream)


@case
def rfc9113_8_1_trailers_with_continuation(c):
    """Trailers may be split, too."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi"), end=False))
    c.send(headers(stream, block([("x-a", "1")]), end=True, complete=False))
    c.send(continuation(stream, block([("x-b", "2")])))
    return answered(stream)


@case
def rfc9113_8_1_empty_trailers(c):
    """Trailers may be empty."""
    stream = c.id()
    c.send(request(stream), data(stream, message(b"hi"), end=False), headers(stream, b"", end=True))
    return answered(stream)


@case
def rfc9113_8_1_second_headers_without_end_stream(c):
    """A second HEADERS frame without END_STREAM makes a request malformed."""
    stream = c.id()
    c.send(request(stream), headers(stream, block([("x-a", "1")])))
    return reset(stream, PROTOCOL_ERROR)


@case
def rfc9113_8_1_headers_after_trailers(c):
    """HEADERS after the trailers are an error."""
    stream = c.id()
    c.send(request(stream, "Sleep"), data(stream, message(b"60000"), end=False))
    c.send(headers(stream, b"", end=True), headers(stream, b"", end=True))
    return refused(stream, 5)


@case
def rfc9113_8_1_early_answer(c):
    """An answer before the request is complete asks for no more of it: RST_STREAM(NO_ERROR)."""
    stream = c.id()
    c.send(request(stream, "Nothing"))
    status(stream, 12)(c)
    return reset(stream, 0)


@case
def rfc9113_8_2_upper_case(c):
    """An upper-case field name makes a request malformed."""
    return malformed(c, request_fields(extra=[("X-Upper", "a")]))


@case
def rfc9113_8_2_upper_case_pseudo_header(c):
    """An upper-case pseudo-header makes a request malformed."""
    return malformed(c, request_fields(extra=[(":Path", "/")]))


@case
def rfc9113_8_2_1_characters_of_a_name(c):
    """Names with characters outside of what RFC 9113 allows make a request malformed."""
    for name in (b"x a", b"x\x00", b"x\x7f", b"x\xe9", b"x:a", b"x\n", b"x\xff"):
        malformed(c, request_fields(extra=[(name, "a")]))(c)
    return alive()


@case
def rfc9113_8_2_1_characters_of_a_value(c):
    """NUL, CR and LF in a value make a request malformed."""
    for value in (b"a\x00b", b"a\rb", b"a\nb", b"\r\nx: y"):
        malformed(c, request_fields(extra=[("x-value", value)]))(c)
    return alive()


@case
def rfc9113_8_2_1_space_around_a_value(c):
    """White space at the start or the end of a value makes a request malformed."""
    for value in (" a", "a ", "\ta", "a\t"):
        malformed(c, request_fields(extra=[("x-value", value)]))(c)
    return alive()


@case
def rfc9113_8_2_1_values_that_are_allowed(c):
    """Empty values, inner spaces and bytes over 0x7f are values."""
    values = [b"", b"a b\tc", b"\xe1\xbb\x8dc b\xe1\xba\xa1", b"\x80\xff"]
    return answered(c.call(extra=[("x-value", value) for value in values]))


@case
def rfc9113_8_2_2_connection_fields(c):
    """Connection-specific fields make a request malformed."""
    for name, value in (
        ("connection", "keep-alive"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "close"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
    ):
        malformed(c, request_fields(extra=[(name, value)]))(c)
    return alive()


@case
def rfc9113_8_2_2_te(c):
    """TE of anything but "trailers" makes a request malformed."""
    for value in ("gzip", "trailers, deflate;q=0.5", ""):
        malformed(c, request_fields(te=value))(c)
    return alive()


@case
def rfc9113_8_2_3_cookies(c):
    """Cookies may come as several fields."""
    return answered(c.call(extra=[("cookie", "a=b"), ("cookie", "c=d")]))


@case
def rfc9113_8_3_unknown_pseudo_header(c):
    """An unknown pseudo-header makes a request malformed."""
    return malformed(c, [(":test", "a")] + request_fields())


@case
def rfc9113_8_3_pseudo_header_of_answers(c):
    """A pseudo-header of answers makes a request malformed."""
    return malformed(c, [(":status", "200")] + request_fields())


@case
def rfc9113_8_3_pseudo_header_in_trailers(c):
    """A pseudo-header in trailers makes a request malformed."""
    stream = c.id()
    c.send(request(stream, "Chat"), data(stream, message(b"hi"), end=False))
    c.send(headers(stream, block([(":method", "POST")]), end=True))
    return reset(stream, PROTOCOL_ERROR)


@case
def rfc9113_8_3_pseudo_header_after_another_field(c):
    """A pseudo-header after other fields makes a request malformed."""
    fields = request_fields()
    return malformed(c, fields[:2] + fields[4:] + fields[2:4])


@case
def rfc9113_8_3_1_missing(c):
    """A request without :method, :scheme or :path is malformed."""
    for name in (":method", ":scheme", ":path"):
        malformed(c, request_fields(without=[name]))(c)
    return alive()


@case
def rfc9113_8_3_1_twice(c):
    """A pseudo-header that comes twice makes a request malformed."""
    for name in (":method", ":scheme", ":path", ":authority"):
        fields = request_fields()
        malformed(c, [field for field in fields if field[0] == name] + fields)(c)
    return alive()


@case
def rfc9113_8_3_1_empty_path(c):
    """An empty :path makes a request malformed."""
    return malformed(c, request_fields(_path=""))


@case
def rfc9113_8_3_1_path_without_slash(c):
    """A :path that does not begin with a slash makes a request malformed."""
    return malformed(c, request_fields(_path="test.v1.Test/Echo"))


@case
def rfc9113_8_3_1_asterisk(c):
    """A :path of an asterisk belongs to OPTIONS alone."""
    return malformed(c, request_fields(_path="*"))


@case
def rfc9113_8_3_1_host(c):
    """A request may come with Host instead of :authority, and with both alike."""
    host = [("host", "example.test")]
    return answered(c.call(without=[":authority"], extra=host), c.call(extra=host))


@case
def rfc9113_8_3_1_no_authority(c):
    """A request with neither :authority nor Host is malformed."""
    return malformed(c, request_fields(without=[":authority"]))


@case
def rfc9113_8_3_1_user_information(c):
    """User information in :authority makes a request malformed."""
    return malformed(c, request_fields(_authority="user@example.test"))


@case
def rfc9113_8_3_1_host_and_authority_differ(c):
    """A Host that differs from :authority makes a request malformed (SHOULD)."""
    return malformed(c, request_fields(extra=[("host", "other.test")]))


@case
def rfc9113_8_5_connect(c):
    """CONNECT reaches no service."""
    stream = c.id()
    c.send(headers(stream, block([(":method", "CONNECT"), (":authority", "example.test:80")])))
    return http(stream, 405)


@case
def rfc9113_8_5_connect_with_a_path(c):
    """CONNECT with :scheme and :path is malformed."""
    return malformed(c, request_fields(_method="CONNECT"))


@case
def rfc9113_8_1_1_content_length(c):
    """A content-length that is right is taken."""
    return answered(c.call(extra=[("content-length", str(len(message(b"hi"))))]))


@case
def rfc9113_8_1_1_wrong_content_length(c):
    """A content-length that is not the sum of DATA makes a request malformed."""
    for length in (1, 8, 1000):
        malformed(c, request_fields(extra=[("content-length", str(length))]))(c)
    return alive()


@case
def rfc9113_8_1_1_wrong_content_length_over_several_frames(c):
    """A content-length that is not the sum of several DATA frames makes a request malformed."""
    stream = c.id()
    c.send(request(stream, extra=[("content-length", "6")]))
    c.send(data(stream, message(b"hi")[:4], end=False), data(stream, message(b"hi")[4:]))
    return reset(stream, PROTOCOL_ERROR)


@case
def rfc9113_8_1_1_content_length_without_data(c):
    """A content-length without DATA makes a request malformed."""
    stream = c.id()
    c.send(request(stream, end=True, extra=[("content-length", "7")]))
    return reset(stream, PROTOCOL_ERROR)


@case
def rfc9113_8_1_1_no_number(c):
    """A content-length that is no number, or comes twice, makes a request malformed."""
    for value in ("x", "-1", "7 7", "99999999999999999999"):
        malformed(c, request_fields(extra=[("content-length", value)]))(c)
    return malformed(c, request_fields(extra=[("content-length", "7")] * 2))


@case
def rfc9113_8_1_get(c):
    """GET is answered, with 405."""
    stream = c.id()
    c.send(request(stream, end=True, _method="GET"))
    return http(stream, 405)


@case
def rfc9113_8_1_head(c):
    """HEAD is answered, with 405 and no content."""
    stream = c.id()
    c.send(request(stream, end=True, _method="HEAD"))
    http(stream, 405)(c)
    if c.stream(stream).body:
        raise Failed("HEAD was answered with content")
    return http(stream, 405)


@case
def rfc9113_8_1_malformed_calls_reach_no_handler(c):
    """What is malformed is never answered by a handler."""
    streams = [c.id() for _ in range(3)]
    c.send(request(streams[0], extra=[("X-Upper", "a")]), data(streams[0], message(b"hi")))
    c.send(request(streams[1], _path=""), data(streams[1], message(b"hi")))
    c.send(request(streams[2], extra=[("connection", "x")]), data(streams[2], message(b"hi")))
    alive()(c)
    if any(c.stream(stream).body for stream in streams):
        raise Failed("a handler answered: %s" % c)
    return reset(streams[0], PROTOCOL_ERROR)
