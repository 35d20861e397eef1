"""Asks a server's reflection as tools do: reflection.py PORT PROTO_FOLDER.

Both versions, every service, every file; then calls a method that is known by reflection alone.
"""

import os
import sys
import tempfile

import grpc
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_tools import protoc

channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1])
database = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(database)
services = sorted(database.get_services())
assert services == [
    "google.longrunning.Operations",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
], services

# What the server tells is what protoc makes of the files.
with tempfile.NamedTemporaryFile() as out:
    files = ["google/longrunning/operations.proto", "grpc/health/v1/health.proto"]
    files.append("grpc/reflection/v1/reflection.proto")
    folders = ["-I", sys.argv[2], "-I", os.path.join(os.path.dirname(protoc.__file__), "_proto")]
    options = ["--include_imports", "--descriptor_set_out=" + out.name]
    assert 0 == protoc.main(["", *folders, *options, *files])
    with open(out.name, "rb") as made:
        expected = descriptor_pb2.FileDescriptorSet.FromString(made.read())
for file in expected.file:
    told = descriptor_pb2.FileDescriptorProto()
    pool.FindFileByName(file.name).CopyToProto(told)
    for each in (told, file):
        # protoc of another version writes the default json names or leaves them out.
        for message in each.message_type:
            for field in message.field:
                field.ClearField("json_name")
        each.ClearField("options")
    if not file.name.startswith("google/protobuf/"):
        assert told == file, f"{file.name}: {told}"

# A method called by what reflection tells of it.
method = pool.FindMethodByName("grpc.health.v1.Health.Check")
request = GetMessageClass(method.input_type)
response = GetMessageClass(method.output_type)
check = channel.unary_unary(
    "/grpc.health.v1.Health/Check",
    request_serializer=request.SerializeToString,
    response_deserializer=response.FromString,
)
assert check(request()).status == 1

# v1, message by message.
v1 = "grpc.reflection.v1."
Request = GetMessageClass(pool.FindMessageTypeByName(v1 + "ServerReflectionRequest"))
Response = GetMessageClass(pool.FindMessageTypeByName(v1 + "ServerReflectionResponse"))
Extension = GetMessageClass(pool.FindMessageTypeByName(v1 + "ExtensionRequest"))
ask = channel.stream_stream(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    request_serializer=Request.SerializeToString,
    response_deserializer=Response.FromString,
)
questions = [
    Request(host="h", list_services="*"),
    Request(file_by_filename="google/longrunning/operations.proto"),
    Request(file_containing_symbol="google.rpc.Status"),
    Request(file_containing_symbol="grpc.health.v1.Health.Watch"),
    Request(file_containing_symbol="grpc.health.v1.HealthCheckResponse.ServingStatus"),
    Request(file_containing_symbol="grpc.health.v1.Nothing"),
    Request(file_by_filename="nothing.proto"),
    Request(file_containing_extension=Extension(containing_type="a.B", extension_number=5)),
    Request(all_extension_numbers_of_type="google.rpc.Status"),
    Request(all_extension_numbers_of_type="google.rpc.Nothing"),
    Request(),
]
answers = list(ask(iter(questions)))
assert [answer.original_request for answer in answers] == questions
assert answers[0].valid_host == "h"
assert [each.name for each in answers[0].list_services_response.service] == services


def names(answer):
    files = answer.file_descriptor_response.file_descriptor_proto
    return [descriptor_pb2.FileDescriptorProto.FromString(file).name for file in files]


assert set(names(answers[1])) == {
    "google/longrunning/operations.proto",
    "google/protobuf/any.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/rpc/status.proto",
}
# Its import went out before.
assert names(answers[2]) == ["google/rpc/status.proto"]
assert names(answers[3]) == names(answers[4]) == ["grpc/health/v1/health.proto"]
assert [answers[i].error_response.error_code for i in (5, 6, 7, 9, 10)] == [5, 5, 5, 5, 3]
assert answers[8].all_extension_numbers_response.base_type_name == "google.rpc.Status"
print("reflection: both versions agree with protoc")
