"""grpc.testing.TestService on stock grpcio; prints the port that it listens on; ends with its input.

With TLS if it is given the files of a certificate chain and of its key.
"""

import sys
import time
from concurrent import futures

import grpc
from support import ECHO_INITIAL, ECHO_TRAILING, empty, messages, payload, stubs
from tap import Tap

SERVICE = "/grpc.testing.TestService/"


class Service(stubs.TestServiceServicer):
    def __init__(self):
        self.tap = None

    def EmptyCall(self, request, context):
        self._echo(context)
        return empty.Empty()

    def UnaryCall(self, request, context):
        self._echo(context)
        self._check_compressed("UnaryCall", request, context)
        self._end(request, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        return messages.SimpleResponse(payload=payload(request.response_size))

    def StreamingInputCall(self, requests, context):
        self._echo(context)
        size = 0
        for request in requests:
            self._check_compressed("StreamingInputCall", request, context)
            size += len(request.payload.body)
        return messages.StreamingInputCallResponse(aggregated_payload_size=size)

    def StreamingOutputCall(self, request, context):
        self._echo(context)
        if any(wanted.compressed.value for wanted in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from self._answer(request, context)

    def FullDuplexCall(self, requests, context):
        self._echo(context)
        for request in requests:
            yield from self._answer(request, context)

    def HalfDuplexCall(self, requests, context):
        self._echo(context)
        for request in list(requests):
            yield from self._answer(request, context)

    def _answer(self, request, context):
        self._end(request, context)
        for wanted in request.response_parameters:
            time.sleep(wanted.interval_us / 1e6)
            if not wanted.compressed.value:
                context.disable_next_message_compression()
            yield messages.StreamingOutputCallResponse(payload=payload(wanted.size))

    def _check_compressed(self, method, request, context):
        if self.tap is None:
            return
        port = int(context.peer().rpartition(":")[2])
        was_compressed = self.tap.requests[port, SERVICE + method].popleft()
        if request.HasField("expect_compressed"):
            if request.expect_compressed.value != was_compressed:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "compressed otherwise")

    @staticmethod
    def _end(request, context):
        if request.response_status.code != 0:
            code = next(
                code for code in grpc.StatusCode if code.value[0] == request.response_status.code
            )
            context.abort(code, request.response_status.message)

    @staticmethod
    def _echo(context):
        fields = context.invocation_metadata()
        initial = [field for field in fields if field[0] == ECHO_INITIAL]
        trailing = [field for field in fields if field[0] == ECHO_TRAILING]
        if initial:
            context.send_initial_metadata(initial)
        if trailing:
            context.set_trailing_metadata(trailing)


class Unserved(grpc.GenericRpcHandler):
    """The service, but for the method that nobody implements."""

    def __init__(self, handlers):
        self._handlers = handlers

    def service(self, details):
        if details.method.endswith(("/UnimplementedCall", "/CacheableUnaryCall")):
            return None
        return self._handlers.service(details)


class Registrar:
    """Takes the place of a server where generated code adds its handlers."""

    def __init__(self, server):
        self._server = server

    def add_generic_rpc_handlers(self, handlers):
        self._server.add_generic_rpc_handlers(tuple(Unserved(each) for each in handlers))

    def add_registered_method_handlers(self, service, handlers):
        pass


def main():
    service = Service()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    stubs.add_TestServiceServicer_to_server(service, Registrar(server))
    if len(sys.argv) == 3:
        chain, key = (open(path, "rb").read() for path in sys.argv[1:])
        port = server.add_secure_port(
            "127.0.0.1:0", grpc.ssl_server_credentials([(key, chain)])
        )
    else:
        service.tap = Tap(server.add_insecure_port("127.0.0.1:0"))
        port = service.tap.port
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0)


main()
