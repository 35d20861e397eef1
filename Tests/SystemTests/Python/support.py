"""What the scripts of this folder share: stock gRPC over code generated from proto/, nothing of ours.

Environment: HOCBA_PROTO (the proto folder), HOCBA_STATE (folder of the running installation),
HOCBA_FIRST_PORT (identity's port; records, signing and reporting follow).
"""

import importlib
import os
import pathlib
import sys
import tempfile
import uuid

import grpc
import grpc_tools
from grpc_tools import protoc

PROTO = pathlib.Path(os.environ["HOCBA_PROTO"])
STATE = pathlib.Path(os.environ["HOCBA_STATE"])
FIRST_PORT = int(os.environ["HOCBA_FIRST_PORT"])

_generated = tempfile.TemporaryDirectory()


def _generate():
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    out = _generated.name
    arguments = ["protoc", f"-I{PROTO}", f"-I{known}", f"--python_out={out}"]
    arguments += [f"--grpc_python_out={out}", *files]
    assert protoc.main(arguments) == 0, "the contract does not compile"
    sys.path.insert(0, out)
    # google.protobuf is installed, google.rpc is generated: one package in two folders, as is grpc.
    import google

    google.__path__.append(str(pathlib.Path(out) / "google"))
    grpc.__path__.append(str(pathlib.Path(out) / "grpc"))
    return files


FILES = _generate()


def module(path):
    """The generated module of a proto file, such as hocba/records/v1/import_service.proto."""
    return importlib.import_module(path.removesuffix(".proto").replace("/", ".") + "_pb2")


def stubs(path):
    return importlib.import_module(path.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")


SERVICES = ["identity", "records", "signing", "reporting"]
CREDENTIALS = grpc.ssl_channel_credentials((STATE / "tls" / "ca.crt").read_bytes())
CHANNELS = {
    name: grpc.secure_channel(f"127.0.0.1:{FIRST_PORT + index}", CREDENTIALS)
    for index, name in enumerate(SERVICES)
}

session = module("hocba/identity/v1/session_service.proto")
people = module("hocba/identity/v1/person_service.proto")
roles = module("hocba/identity/v1/role_service.proto")
organizations = module("hocba/identity/v1/organization_service.proto")


def stub(service, resource, name):
    """The stub of a service, such as stub("records", "roster", "RosterService")."""
    generated = stubs(f"hocba/{service}/v1/{resource}_service.proto")
    return getattr(generated, f"{name}Stub")(CHANNELS[service])


def bearer(token):
    return [("authorization", f"Bearer {token}")]


def sign_in(login, password):
    request = session.SignInRequest(login=login, password=password)
    return stub("identity", "session", "SessionService").SignIn(request)


def administrator():
    password = (STATE / "secrets" / "admin.password").read_text().strip()
    return bearer(sign_in("admin", password).access_token)


def request_id():
    return str(uuid.uuid4())


def new_person(login, kind, organization, metadata):
    """Makes an account with one role, and signs in with it."""
    password = str(uuid.uuid4())
    request = people.CreatePersonRequest(
        person=people.Person(login=login, display_name="Người thử"),
        role=people.CreatePersonRequest.FirstRole(kind=kind, organization=organization),
        password=password,
        request_id=request_id(),
    )
    person = stub("identity", "person", "PersonService").CreatePerson(request, metadata=metadata)
    return person, bearer(sign_in(login, password).access_token)


def organization_by_code(code, metadata):
    """The organisation of a code; without one, the root of the tree."""
    service = stub("identity", "organization", "OrganizationService")
    listed = service.ListOrganizations(
        organizations.ListOrganizationsRequest(code=code), metadata=metadata
    )
    return listed.organizations[0]


def details(error):
    """google.rpc.Status of a failed call, with its details by type."""
    status = importlib.import_module("google.rpc.status_pb2").Status()
    kinds = importlib.import_module("google.rpc.error_details_pb2")
    trailers = dict(error.trailing_metadata() or ())
    found = {}
    if "grpc-status-details-bin" in trailers:
        status.ParseFromString(trailers["grpc-status-details-bin"])
        for packed in status.details:
            name = packed.TypeName().rsplit(".", 1)[-1]
            message = getattr(kinds, name)()
            assert packed.Unpack(message), name
            found[name] = message
    return status, found


def refusal(call):
    """The error of a call that must fail."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call was answered")
