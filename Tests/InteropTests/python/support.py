"""What client.py and server.py share: stock grpcio over code generated from Tests/proto."""

import pathlib
import sys
import tempfile

import grpc
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
FILES = ["empty", "messages", "test"]

_generated = tempfile.TemporaryDirectory()


def _generate():
    out = _generated.name
    files = [f"grpc/testing/{name}.proto" for name in FILES]
    arguments = ["protoc", f"-I{PROTO}", f"--python_out={out}", f"--grpc_python_out={out}", *files]
    assert protoc.main(arguments) == 0, "Tests/proto does not compile"
    sys.path.insert(0, out)
    # grpc is installed, grpc.testing is generated: one package in two folders.
    grpc.__path__.append(str(pathlib.Path(out) / "grpc"))


_generate()

from grpc.testing import empty_pb2 as empty  # noqa: E402
from grpc.testing import messages_pb2 as messages  # noqa: E402
from grpc.testing import test_pb2_grpc as stubs  # noqa: E402

__all__ = ["empty", "messages", "stubs"]

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"


def payload(size):
    return messages.Payload(body=bytes(size))
