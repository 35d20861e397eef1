"""Calls the methods of Support.swift with stock grpcio and exits with 0 if all is as it should be."""

import sys
import threading
import time

import grpc

# A port; the certificate to believe if it is one of TLS; a certificate to show, and its key.
address = "127.0.0.1:" + sys.argv[1]
files = [open(name, "rb").read() for name in sys.argv[2:]]
if files:
    roots, chain, key = (files + [None, None])[:3]
    credentials = grpc.ssl_channel_credentials(roots, key, chain)
    channel = grpc.secure_channel(address, credentials)
else:
    channel = grpc.insecure_channel(address)


def stub(kind, name):
    # No serializers: grpcio then takes and gives bytes.
    return getattr(channel, kind)("/test.v1.Test/" + name)


def expect(condition, what):
    if not condition:
        sys.exit("failed: " + what)


def status(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    sys.exit("failed: no error where one was expected")


echo = stub("unary_unary", "Echo")
expect(echo(b"xin chao") == b"xin chao", "unary")
expect(echo(b"") == b"", "empty unary")
large = bytes(1_000_000)
expect(echo(large) == large, "large unary")
expect(echo(b"t", timeout=30) == b"t", "with a deadline")
futures = [echo.future(b"%d" % n) for n in range(1000)]
expect([f.result() for f in futures] == [b"%d" % n for n in range(1000)], "many at a time")

repeat = stub("unary_stream", "Repeat")
expect(list(repeat(b"1000")) == [b"%d" % n for n in range(1000)], "server streaming")
expect(list(repeat(b"0")) == [], "server streaming of nothing")

join = stub("stream_unary", "Join")
expect(join(b"%d" % n for n in range(1000)).count(b",") == 999, "client streaming")
expect(join(iter([])) == b"", "client streaming of nothing")

chat = stub("stream_stream", "Chat")
expect(list(chat(iter([b"a", b"b"]))) == [b"re a", b"re b"], "bidirectional")

error = status(lambda: stub("unary_unary", "Fail")("é".encode()))
expect(error.code() == grpc.StatusCode.FAILED_PRECONDITION, "code")
expect(error.details() == "học bạ: 100% é", "message: " + error.details())
trailers = dict(error.trailing_metadata())
expect(trailers["grpc-status-details-bin"] == bytes([8, 9, 0, 255]), "details")
expect(trailers["reason"] == "why", "trailing metadata of an error")

error = status(lambda: stub("unary_unary", "Crash")(b""))
expect(error.code() == grpc.StatusCode.INTERNAL, "unforeseen error")
expect(error.details() == "internal error", "text of an unforeseen error")
error = status(lambda: stub("unary_unary", "Nothing")(b""))
expect(error.code() == grpc.StatusCode.UNIMPLEMENTED, "unknown method")
error = status(lambda: echo(bytes(5_000_000)))
expect(error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, "message over the limit")
gzip, deflate = grpc.Compression.Gzip, grpc.Compression.Deflate
compressed = stub("unary_unary", "Compressed")
text = b"x" * 1000
expect(compressed(text, compression=gzip) == b"true " + text, "compression")
expect(compressed(text) == b"false " + text, "no compression")
zeros = bytes(4_000_000)
expect(compressed(zeros, compression=gzip) == b"true " + zeros, "compression of much")
error = status(lambda: compressed(bytes(5_000_000), compression=gzip))
expect(error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, "compressed message over the limit")
error = status(lambda: echo(text, compression=deflate))
expect(error.code() == grpc.StatusCode.UNIMPLEMENTED, "unknown compression")
expect("identity,gzip" in error.details(), "unknown compression: " + error.details())

every_other = stub("stream_stream", "CompressEveryOther")
answers = list(every_other(iter([text] * 6), compression=gzip))
expect(answers == [b"true " + text] * 6, "compression of streams")
answers = list(every_other(iter([text] * 6)))
expect(answers == [b"false " + text] * 6, "compression of answers alone")

response, call = stub("unary_unary", "Metadata").with_call(
    b"", metadata=[("x-text", "some text"), ("x-bytes-bin", bytes([0, 255, 1]))]
)
expect(dict(call.initial_metadata())["y-text"] == "some text", "initial metadata")
expect(dict(call.trailing_metadata())["y-bytes-bin"] == bytes([0, 255, 1]), "trailing metadata")

sleep = stub("unary_unary", "Sleep")
start = time.monotonic()
error = status(lambda: sleep(b"60000", timeout=0.2))
expect(error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, "deadline")
expect(time.monotonic() - start < 5, "deadline in time")
future = sleep.future(b"60000")
threading.Timer(0.1, future.cancel).start()
try:
    future.result()
    sys.exit("failed: a cancelled call has a result")
except grpc.FutureCancelledError:
    pass
expect(echo(b"after") == b"after", "a call after all that")
print("all right")
