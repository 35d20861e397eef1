"""What a case can expect; a case returns one of these, so that none passes on nothing.

Each is a function of the connection that returns when it has come true, and raises `Failed`
otherwise. All of them wait for something that the server has to say or do.
"""

from wire import Failed, code_name


def ends(word):
    """Notes how a case ends; the harness's test of itself asks for it."""

    def mark(make):
        def made(*arguments, **named):
            check = make(*arguments, **named)
            check.ends = word
            return check

        made.__doc__ = make.__doc__
        return made

    return mark


def _wait_for_end(c, stream):
    got = c.stream(stream)
    c.until(lambda: got.has_ended or got.reset is not None, "the end of stream %d" % stream)
    if not got.has_ended:
        raise Failed("stream %d was reset with %s" % (stream, code_name(got.reset)))
    return got


@ends("answer")
def answered(*streams, content=b"hi"):
    """The calls succeed, each with this one message."""

    def check(c):
        for stream in streams:
            got = _wait_for_end(c, stream)
            fields = got.fields
            if fields.get(":status") != "200" or fields.get("content-type") != "application/grpc":
                raise Failed("not an answer of gRPC: %s" % got)
            if fields.get("grpc-status") != "0":
                raise Failed("not a success: %s" % got)
            if got.messages() != [content]:
                raise Failed("another message than was expected: %s" % got)

    return check


@ends("answer")
def status(stream, *codes):
    """The call ends with one of these codes of gRPC."""

    def check(c):
        got = _wait_for_end(c, stream)
        if got.fields.get(":status") != "200" or got.fields.get("grpc-status") not in map(
            str, codes
        ):
            raise Failed("expected grpc-status %s: %s" % (codes, got))

    return check


@ends("answer")
def http(stream, code):
    """The request is answered with this status of HTTP and none of gRPC."""

    def check(c):
        got = _wait_for_end(c, stream)
        if got.fields.get(":status") != str(code) or "grpc-status" in got.fields:
            raise Failed("expected HTTP status %d: %s" % (code, got))

    return check


@ends("answer")
def alive():
    """Whatever came is ignored: a new call on the connection succeeds."""

    def check(c):
        c.settle()
        answered(c.call())(c)
        if c.goaway:
            raise Failed("a GOAWAY came: %s" % c)

    return check


@ends("answer")
def so(condition, claim):
    """Something that the case knows how to look up, with the connection alive after it."""

    def check(c):
        c.until(condition, claim)
        alive()(c)

    return check


@ends("reset")
def reset(stream, *codes):
    """The stream is reset with one of these codes, and the connection lives on."""

    def check(c):
        got = c.stream(stream)
        c.until(lambda: got.reset is not None or got.has_ended, "RST_STREAM of %d" % stream)
        if got.reset not in codes:
            raise Failed("expected RST_STREAM(%s): %s" % (_names(codes), c))
        alive()(c)

    return check


@ends("goaway")
def goaway(*codes):
    """The connection ends with GOAWAY and one of these codes, and is closed."""

    def check(c):
        c.until(lambda: c.goaway is not None, "GOAWAY(%s)" % _names(codes))
        if c.goaway[1] not in codes:
            raise Failed("expected GOAWAY(%s): %s" % (_names(codes), c))
        _wait_for_close(c)

    return check


@ends("goaway")
def refused(stream, *codes):
    """A stream error, which a server may also treat as one of the connection (5.4.1)."""

    def check(c):
        got = c.stream(stream)
        c.until(
            lambda: got.reset is not None or c.goaway, "RST_STREAM or GOAWAY(%s)" % _names(codes)
        )
        (goaway(*codes) if c.goaway else reset(stream, *codes))(c)

    return check


@ends("close")
def closed():
    """The connection is closed, with or without a word."""
    return _wait_for_close


@ends("close")
def finished(stream, content=b"hi"):
    """The call succeeds, and then the connection is closed without an error."""

    def check(c):
        answered(stream, content=content)(c)
        _wait_for_close(c)
        if c.goaway and c.goaway[1] != 0:
            raise Failed("an error was made of it: %s" % c)

    return check


def _wait_for_close(c):
    while not c.is_closed:
        if not c.read(c.timeout):
            raise Failed("the connection is still open (%s)" % c)


def _names(codes):
    return " or ".join(map(code_name, codes))
