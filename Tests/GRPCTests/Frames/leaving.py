"""RFC 9113 section 6.8: a server that shuts down, of which `Leave` tells this one."""

from case import leaving_case
from expect import answered, ends
from wire import ACK, NO_ERROR, PING, Failed, data, message, ping, request

MOST = (1 << 31) - 1


@leaving_case
def rfc9113_6_8_graceful_shutdown(c):
    """A notice, then the last stream: those up to it are answered, those beyond never begin."""
    c.acknowledges = False
    running, leave = c.id(), c.id()
    c.send(request(running), request(leave, "Leave"), data(leave, message(b"")))
    c.until(lambda: c.goaway and PING in c.frames, "GOAWAY and PING")
    if c.goaway[1] != NO_ERROR:
        raise Failed("an error was made of it: %s" % c)
    notice = c.goaway[0]
    # On its way when the notice came; the PING tells the server that there will be no more.
    late = c.call()
    c.send(ping(c.asked, ACK))
    c.until(lambda: c.goaway[0] != MOST, "the last stream")
    last = c.goaway[0]
    beyond = c.call()
    c.send(data(running, message(b"hi")))

    @ends("close")
    def left():
        def check(c):
            if notice != MOST and notice != last:
                raise Failed("the notice named %d, the end %d" % (notice, last))
            if last < running or last >= beyond:
                raise Failed("the last stream is %d: %s" % (last, c))
            answered(running)(c)
            answered(*[stream for stream in [late] if stream <= last])(c)
            while not c.is_closed:
                if not c.read(c.timeout):
                    raise Failed("the connection is still open")
            if c.stream(beyond).blocks or c.goaway[1] != NO_ERROR:
                raise Failed("a stream beyond the last began: %s" % c)

        return check

    return left()
