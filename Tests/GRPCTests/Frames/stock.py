"""The library h2, whose states of HTTP/2 are not ours, as a client."""

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, ResponseReceived, StreamEnded, StreamReset, TrailersReceived

from case import raw_case
from expect import ends
from wire import Failed, message, request_fields


class Client:
    """Calls over a connection that h2 raises for whatever the server does wrong on."""

    def __init__(self, c):
        self.socket = c.socket
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.events = []

    def step(self):
        self.socket.sendall(self.h2.data_to_send())
        part = self.socket.recv(65536)
        if not part:
            raise Failed("the connection was closed")
        for event in self.h2.receive_data(part):
            self.events.append(event)
            if isinstance(event, DataReceived):
                length = event.flow_controlled_length
                self.h2.acknowledge_received_data(length, event.stream_id)

    def begin(self):
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, request_fields())
        return stream

    def send(self, stream, content):
        """Sends `content` to its end, with trailers, as the windows allow."""
        while content:
            size = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if size == 0:
                self.step()
                continue
            self.h2.send_data(stream, content[:size])
            content = content[size:]
        self.h2.send_headers(stream, [("x-trailer", "end")], end_stream=True)

    def answer(self, stream):
        """The status and the body of a whole answer."""
        while not any(isinstance(e, StreamEnded) and e.stream_id == stream for e in self.events):
            self.step()
        mine = [event for event in self.events if getattr(event, "stream_id", 0) == stream]
        if any(isinstance(event, StreamReset) for event in mine):
            raise Failed("the stream was reset")
        parts = (ResponseReceived, TrailersReceived, StreamEnded)
        kinds = [type(event) for event in mine if isinstance(event, parts)]
        if kinds != list(parts):
            raise Failed("not headers, DATA and trailers: %s" % kinds)
        trailers = next(event for event in mine if isinstance(event, TrailersReceived))
        body = b"".join(event.data for event in mine if isinstance(event, DataReceived))
        return dict(trailers.headers).get("grpc-status"), body


@raw_case
def rfc9113_stock_client(c):
    """A client made of the library h2 gets its answers, large and mixed, and finds no fault."""
    contents = [b"", b"hi", bytes(200_000), b"x" * 16384]

    @ends("answer")
    def answered():
        def check(c):
            client = Client(c)
            streams = [client.begin() for _ in contents]
            for stream, content in zip(streams, contents):
                client.send(stream, message(content))
            for stream, content in zip(streams, contents):
                if client.answer(stream) != ("0", message(content)):
                    raise Failed("another answer to %d bytes" % len(content))

        return check

    return answered()
