"""Runs every case of the interoperability tests with stock grpcio, and prints a line for each.

Arguments: the port of a server, and the file of a root certificate if it speaks TLS as `localhost`.
"""

import os
import queue
import sys

import grpc
from support import ECHO_INITIAL, ECHO_TRAILING, empty, messages, payload, stubs
from tap import Tap

PORT = int(sys.argv[1])
ROOT = open(sys.argv[2], "rb").read() if len(sys.argv) > 2 else None
SERVICE = "/grpc.testing.TestService/"
LARGE = dict(response_size=314159, payload=payload(271828))
TIME = 60


def open_channel(port=PORT):
    options = [("grpc.use_local_subchannel_pool", 1)]
    if ROOT is None:
        return grpc.insecure_channel(f"127.0.0.1:{port}", options)
    return grpc.secure_channel(
        f"localhost:{port}", grpc.ssl_channel_credentials(ROOT), options
    )


def check(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what} is {found!r}, not {wanted!r}")


def check_payload(message, size):
    check("the size of a payload", len(message.payload.body), size)
    assert message.payload.body == bytes(size), "a payload is not all zeros"


def check_status(code, call, details=None):
    try:
        call()
    except grpc.RpcError as error:
        check("the status", error.code(), code)
        if details is not None:
            check("its message", error.details(), details)
        return
    raise AssertionError(f"the call did not end with {code}")


def values(fields, key):
    return [field.value for field in fields if field.key == key]


def output(*sizes, request=0):
    return messages.StreamingOutputCallRequest(
        response_parameters=[messages.ResponseParameters(size=size) for size in sizes],
        payload=payload(request),
    )


def check_stream(call, sizes):
    found = list(call)
    check("the sizes", [len(each.payload.body) for each in found], sizes)
    for each, size in zip(found, sizes):
        check_payload(each, size)


def empty_unary(stub):
    check("the response", stub.EmptyCall(empty.Empty(), timeout=TIME), empty.Empty())


def large_unary(stub):
    check_payload(stub.UnaryCall(messages.SimpleRequest(**LARGE), timeout=TIME), 314159)


def concurrent_large_unary(stub):
    request = messages.SimpleRequest(**LARGE)
    calls = [stub.UnaryCall.future(request, timeout=TIME) for _ in range(1000)]
    for call in calls:
        check("the size", len(call.result().payload.body), 314159)


def client_streaming(stub):
    requests = [
        messages.StreamingInputCallRequest(payload=payload(size))
        for size in (27182, 8, 1828, 45904)
    ]
    response = stub.StreamingInputCall(iter(requests), timeout=TIME)
    check("the sum", response.aggregated_payload_size, 74922)


def server_streaming(stub):
    sizes = [31415, 9, 2653, 58979]
    check_stream(stub.StreamingOutputCall(output(*sizes), timeout=TIME), sizes)


def ping_pong(stub):
    due = queue.Queue()
    call = stub.FullDuplexCall(iter(due.get, None), timeout=TIME)
    steps = [(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)]
    for request, response in steps:
        due.put(output(response, request=request))
        check_payload(next(call), response)
    due.put(None)
    check("what follows", list(call), [])
    check("the status", call.code(), grpc.StatusCode.OK)


def empty_stream(stub):
    check("the responses", list(stub.FullDuplexCall(iter([]), timeout=TIME)), [])


def custom_metadata(stub):
    fields = [(ECHO_INITIAL, "test_initial_metadata_value"), (ECHO_TRAILING, b"\xab\xab\xab")]
    response, unary = stub.UnaryCall.with_call(
        messages.SimpleRequest(**LARGE), metadata=fields, timeout=TIME
    )
    check_payload(response, 314159)
    request = output(314159, request=271828)
    duplex = stub.FullDuplexCall(iter([request]), metadata=fields, timeout=TIME)
    check_stream(duplex, [314159])
    for call in (unary, duplex):
        check("ahead", values(call.initial_metadata(), ECHO_INITIAL), [fields[0][1]])
        check("behind", values(call.trailing_metadata(), ECHO_TRAILING), [fields[1][1]])


def status_code_and_message(stub):
    status = messages.EchoStatus(code=2, message="test status message")
    check_status(
        grpc.StatusCode.UNKNOWN,
        lambda: stub.UnaryCall(messages.SimpleRequest(response_status=status), timeout=TIME),
        status.message,
    )
    request = messages.StreamingOutputCallRequest(response_status=status)
    check_status(
        grpc.StatusCode.UNKNOWN,
        lambda: list(stub.FullDuplexCall(iter([request]), timeout=TIME)),
        status.message,
    )


def special_status_message(stub):
    status = messages.EchoStatus(
        code=2, message="\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    )
    check_status(
        grpc.StatusCode.UNKNOWN,
        lambda: stub.UnaryCall(messages.SimpleRequest(response_status=status), timeout=TIME),
        status.message,
    )


def unimplemented_method(stub):
    check_status(
        grpc.StatusCode.UNIMPLEMENTED,
        lambda: stub.UnimplementedCall(empty.Empty(), timeout=TIME),
    )


def unimplemented_service(stub):
    other = stubs.UnimplementedServiceStub(stub.channel)
    check_status(
        grpc.StatusCode.UNIMPLEMENTED,
        lambda: other.UnimplementedCall(empty.Empty(), timeout=TIME),
    )


def cancel_after_begin(stub):
    never = queue.Queue()
    call = stub.StreamingInputCall.future(iter(never.get, None))
    # When this is answered the server has seen the call that began before it.
    empty_unary(stub)
    call.cancel()
    check("the status", call.code(), grpc.StatusCode.CANCELLED)
    never.put(None)
    empty_unary(stub)


def cancel_after_first_response(stub):
    due = queue.Queue()
    call = stub.FullDuplexCall(iter(due.get, None))
    due.put(output(31415, request=27182))
    check_payload(next(call), 31415)
    call.cancel()
    check_status(grpc.StatusCode.CANCELLED, lambda: next(call))
    due.put(None)
    empty_unary(stub)


def timeout_on_sleeping_server(stub):
    empty_unary(stub)
    due = queue.Queue()
    due.put(output(request=27182))
    call = stub.FullDuplexCall(iter(due.get, None), timeout=0.001)
    check_status(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: list(call))
    due.put(None)
    empty_unary(stub)


def client_compressed_unary(stub):
    def request(is_compressed):
        expected = messages.BoolValue(value=is_compressed)
        return messages.SimpleRequest(expect_compressed=expected, **LARGE)

    check_status(
        grpc.StatusCode.INVALID_ARGUMENT, lambda: stub.UnaryCall(request(True), timeout=TIME)
    )
    gzip = grpc.Compression.Gzip
    check_payload(stub.UnaryCall(request(True), compression=gzip, timeout=TIME), 314159)
    check_payload(stub.UnaryCall(request(False), timeout=TIME), 314159)
    check("what travelled", list(stub.tap.requests.popitem()[1]), [False, True, False])


def client_compressed_streaming(stub):
    def request(is_compressed, body):
        expected = messages.BoolValue(value=is_compressed)
        return messages.StreamingInputCallRequest(
            expect_compressed=expected, payload=messages.Payload(body=body)
        )

    first = request(True, bytes(27182))
    check_status(
        grpc.StatusCode.INVALID_ARGUMENT,
        lambda: stub.StreamingInputCall(iter([first]), timeout=TIME),
    )
    # grpcio compresses all requests of a call or none, but for those that would only grow.
    second = request(False, os.urandom(45904))
    response = stub.StreamingInputCall(
        iter([first, second]), compression=grpc.Compression.Gzip, timeout=TIME
    )
    check("the sum", response.aggregated_payload_size, 73086)
    check("what travelled", list(stub.tap.requests.popitem()[1]), [False, True, False])


def server_compressed_unary(stub):
    for is_compressed in (True, False):
        wanted = messages.BoolValue(value=is_compressed)
        request = messages.SimpleRequest(response_compressed=wanted, **LARGE)
        check_payload(stub.UnaryCall(request, timeout=TIME), 314159)
    check("what travelled", list(stub.tap.responses.popitem()[1]), [True, False])


def server_compressed_streaming(stub):
    request = messages.StreamingOutputCallRequest(
        response_parameters=[
            messages.ResponseParameters(size=31415, compressed=messages.BoolValue(value=True)),
            messages.ResponseParameters(size=92653, compressed=messages.BoolValue(value=False)),
        ]
    )
    check_stream(stub.StreamingOutputCall(request, timeout=TIME), [31415, 92653])
    check("what travelled", list(stub.tap.responses.popitem()[1]), [True, False])


def rpc_soak(stub):
    for _ in range(10):
        large_unary(stub)


def channel_soak(stub):
    for _ in range(10):
        with open_channel() as channel:
            large_unary(stubs.TestServiceStub(channel))


CASES = [
    empty_unary, large_unary, concurrent_large_unary, client_streaming, server_streaming,
    ping_pong, empty_stream, custom_metadata, status_code_and_message, special_status_message,
    unimplemented_method, unimplemented_service, cancel_after_begin, cancel_after_first_response,
    timeout_on_sleeping_server, rpc_soak, channel_soak,
]
# Whether a message travelled compressed is seen from outside, where nothing is encrypted.
TAPPED = [
    client_compressed_unary, client_compressed_streaming, server_compressed_unary,
    server_compressed_streaming,
]


def run(case):
    tap = Tap(PORT) if case in TAPPED else None
    with open_channel(tap.port if tap else PORT) as channel:
        stub = stubs.TestServiceStub(channel)
        stub.channel, stub.tap = channel, tap
        try:
            case(stub)
            print(f"{case.__name__}: passed", flush=True)
        except Exception as error:  # noqa: BLE001
            print(f"{case.__name__}: FAILED: {' '.join(str(error).split())}", flush=True)


for each in CASES + ([] if ROOT else TAPPED):
    run(each)
