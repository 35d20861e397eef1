"""RFC 9113 section 3: how a connection starts."""

from case import raw_case
from expect import answered, closed, goaway
from wire import PREFACE, PROTOCOL_ERROR, data, message, ping, request, settings


@raw_case
def rfc9113_3_4_preface(c):
    """The client's preface is answered by SETTINGS, first of all, and an acknowledgement."""
    c.begin()
    return answered(c.call(), c.call())


@raw_case
def rfc9113_3_4_preface_with_settings(c):
    """Settings of the preface are taken."""
    c.begin((4, 65535), (5, 16384), (2, 0), (3, 100), (6, 65536), (1, 4096))
    return answered(c.call(), c.call())


@raw_case
def rfc9113_3_4_preface_byte_by_byte(c):
    """The preface may come byte by byte."""
    for byte in PREFACE + settings():
        c.send(bytes([byte]))
    return answered(c.call(), c.call())


@raw_case
def rfc9113_3_4_requests_with_the_preface(c):
    """A client need not wait for the server's preface."""
    one, two = c.id(), c.id()
    c.send(
        PREFACE
        + settings()
        + request(one)
        + data(one, message(b"hi"))
        + request(two)
        + data(two, message(b"hi"))
    )
    return answered(one, two)


@raw_case
def rfc9113_3_4_server_speaks_first(c):
    """The server need not wait for the client's preface: its SETTINGS come by themselves."""
    c.acknowledges = False
    c.until(lambda: c.settings, "SETTINGS")
    c.begin()
    return answered(c.call(), c.call())


@raw_case
def rfc9113_3_4_invalid_preface(c):
    """An invalid preface closes the connection."""
    c.send(b"INVALID CONNECTION PREFACE\r\n\r\n")
    return closed()


@raw_case
def rfc9113_3_4_preface_wrong_in_its_last_byte(c):
    """A preface that is wrong in its last byte closes the connection."""
    c.send(PREFACE[:-1] + b"\0", settings())
    return closed()


@raw_case
def rfc9113_3_4_preface_without_settings(c):
    """A preface that SETTINGS do not follow is a connection error PROTOCOL_ERROR."""
    c.send(PREFACE, ping())
    return goaway(PROTOCOL_ERROR)


@raw_case
def rfc9113_3_4_acknowledgement_instead_of_settings(c):
    """SETTINGS with ACK are no preface."""
    c.send(PREFACE, settings(flags=1))
    return goaway(PROTOCOL_ERROR)


@raw_case
def rfc9113_3_3_http1_request(c):
    """A request of HTTP/1.1 closes the connection."""
    c.send(b"GET / HTTP/1.1\r\nHost: example.test\r\n\r\n")
    return closed()


@raw_case
def rfc9113_3_1_upgrade_is_gone(c):
    """The upgrade from HTTP/1.1, which RFC 9113 took away, is not offered."""
    c.send(
        b"POST / HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    )
    return closed()
