"""Serves the methods of Support.swift with stock grpcio; prints its port; ends with its input."""

import sys
import time
from concurrent import futures

import grpc


def repeat(request, context):
    for number in range(int(request)):
        yield b"%d" % number


def chat(requests, context):
    for request in requests:
        yield b"re " + request


def fail(request, context):
    context.set_trailing_metadata(
        [("reason", "why"), ("grpc-status-details-bin", bytes([8, 9, 0, 255]))]
    )
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "học bạ: 100% " + request.decode())


def metadata(request, context):
    got = dict(context.invocation_metadata())
    context.send_initial_metadata([("y-text", got.get("x-text", "none"))])
    context.set_trailing_metadata([("y-bytes-bin", got.get("x-bytes-bin", b""))])
    return b"metadata"


def sleep(request, context):
    for _ in range(int(request) // 10):
        if not context.is_active():
            print("cancelled", flush=True)
            break
        time.sleep(0.01)
    return request


def compressed(request, context):
    context.set_compression(grpc.Compression.Gzip)
    return request or b"x" * 1000


def compress_every_other(requests, context):
    context.set_compression(grpc.Compression.Gzip)
    for number, request in enumerate(requests):
        if number % 2:
            context.disable_next_message_compression()
        yield request


handlers = {
    "Echo": grpc.unary_unary_rpc_method_handler(lambda request, context: request),
    "Repeat": grpc.unary_stream_rpc_method_handler(repeat),
    "Join": grpc.stream_unary_rpc_method_handler(lambda requests, context: b",".join(requests)),
    "Chat": grpc.stream_stream_rpc_method_handler(chat),
    "Fail": grpc.unary_unary_rpc_method_handler(fail),
    "Metadata": grpc.unary_unary_rpc_method_handler(metadata),
    "Sleep": grpc.unary_unary_rpc_method_handler(sleep),
    "Compressed": grpc.unary_unary_rpc_method_handler(compressed),
    "CompressEveryOther": grpc.stream_stream_rpc_method_handler(compress_every_other),
}
server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
server.add_generic_rpc_handlers(
    [grpc.method_handlers_generic_handler("test.v1.Test", handlers)]
)
# A certificate and its key if it is to be TLS; a root, if clients must show certificates.
files = [open(name, "rb").read() for name in sys.argv[1:]]
if files:
    chain, key, roots = (files + [None])[:3]
    credentials = grpc.ssl_server_credentials([(key, chain)], roots, roots is not None)
    print(server.add_secure_port("127.0.0.1:0", credentials), flush=True)
else:
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(0)
