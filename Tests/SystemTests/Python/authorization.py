"""authorization.py DATABASE: goes through every RPC of the contract as callers who may not call it.

DATABASE is the superuser's connection string: with the key of access tokens an expired token is
made. Prints what was answered that should not be, and fails; so does an RPC that has no request here.
"""

import base64
import json
import subprocess
import sys
import time
import uuid

import grpc
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from support import (
    CHANNELS, FILES, administrator, details, module, new_person, organization_by_code, request_id,
    roles, stub,
)  # fmt: skip

YEAR = "2022-2023"

# Open to everybody: signing in, public verification.
OPEN = {
    "/hocba.identity.v1.SessionService/SignIn",
    "/hocba.signing.v1.VerificationService/Verify",
}
# Open to every account: what belongs to no school, and who one is.
COMMON = {
    "/hocba.identity.v1.SessionService/GetSession",
    "/hocba.identity.v1.SessionService/ListTokenKeys",
    "/hocba.records.v1.CatalogService/ListSchoolYears",
    "/hocba.records.v1.CatalogService/ListSubjects",
    "/hocba.records.v1.CatalogService/ListRollouts",
    "/hocba.signing.v1.DocumentService/ListSigningPolicies",
}


# --- The things that belong to the first school ------------------------------------------------

admin = administrator()
first = organization_by_code("74725501", admin)
second = organization_by_code("74725101", admin)
ministry = organization_by_code("BGDDT", admin)
mark = uuid.uuid4().hex[:8]
own, own_token = new_person(f"can-bo-{mark}", roles.ROLE_KIND_PRINCIPAL, first.name, admin)
_, officer = new_person(f"chuyen-vien-{mark}", roles.ROLE_KIND_OFFICER, ministry.name, admin)
other, stranger = new_person(f"nguoi-la-{mark}", roles.ROLE_KIND_PRINCIPAL, second.name, admin)

SCHOOL = first.name.replace("organizations/", "schools/")
records = {
    name: module(f"hocba/records/v1/{name}_service.proto")
    for name in ("roster", "mark_sheet", "import", "result", "transcript", "catalog")
}
documents = module("hocba/signing/v1/document_service.proto")


def listed(resource, service, method, message, **fields):
    request = getattr(records[resource], message)(**fields)
    return getattr(stub("records", resource, service), method)(request, metadata=officer)


CLASS = listed(
    "roster", "RosterService", "ListClasses", "ListClassesRequest",
    parent=SCHOOL, school_year=YEAR,
).classes[0].name  # fmt: skip
STUDENT = listed(
    "roster", "RosterService", "ListStudents", "ListStudentsRequest", parent=CLASS
).students[0].name  # fmt: skip
SHEET = listed(
    "mark_sheet", "MarkSheetService", "ListMarkSheets", "ListMarkSheetsRequest", parent=CLASS
).mark_sheets[0].name  # fmt: skip
TRANSCRIPT = f"{STUDENT}/transcripts/{YEAR}"
role_list = stub("identity", "role", "RoleService").ListRoles(
    roles.ListRolesRequest(parent=own.name), metadata=own_token
)
ROLE = role_list.roles[0].name
DOCUMENT = next(
    iter(
        stub("signing", "document", "DocumentService").StreamDocuments(
            documents.StreamDocumentsRequest(parent=CLASS, school_year=YEAR), metadata=officer
        )
    )
).name
CERTIFICATE = f"{first.name}/certificates/{uuid.uuid4()}"

# One well-formed request a method, about the first school; a stream gets it as its first message.
REQUESTS = {
    "/hocba.identity.v1.CertificateService/RegisterCertificate": dict(
        parent=first.name, certificate=b"0", proof=b"0", request_id=request_id()
    ),
    "/hocba.identity.v1.CertificateService/ListCertificates": dict(parent=own.name),
    "/hocba.identity.v1.CertificateService/RetireCertificate": dict(
        name=CERTIFICATE, request_id=request_id()
    ),
    "/hocba.identity.v1.OrganizationService/GetOrganization": dict(name=first.name),
    "/hocba.identity.v1.OrganizationService/ListOrganizations": dict(parent=first.name),
    "/hocba.identity.v1.OrganizationService/CreateOrganization": dict(
        organization=dict(code="X1", display_name="X", kind=4, parent=first.name),
        request_id=request_id(),
    ),
    "/hocba.identity.v1.OrganizationService/UpdateOrganization": dict(
        organization=dict(name=first.name, display_name="X", etag="1"),
        update_mask=dict(paths=["display_name"]),
        request_id=request_id(),
    ),
    "/hocba.identity.v1.PersonService/GetPerson": dict(name=own.name),
    "/hocba.identity.v1.PersonService/ListPeople": dict(parent=first.name),
    "/hocba.identity.v1.PersonService/CreatePerson": dict(
        person=dict(login="x", display_name="X"),
        role=dict(kind=roles.ROLE_KIND_TEACHER, organization=first.name),
        request_id=request_id(),
    ),
    "/hocba.identity.v1.PersonService/UpdatePerson": dict(
        person=dict(name=own.name, email="x@x.vn", etag="1"),
        update_mask=dict(paths=["email"]),
        request_id=request_id(),
    ),
    "/hocba.identity.v1.PersonService/SetPassword": dict(
        name=own.name, new_password="mot-mat-khau-khac", request_id=request_id()
    ),
    "/hocba.identity.v1.RoleService/ListRoles": dict(parent=own.name),
    "/hocba.identity.v1.RoleService/GrantRole": dict(
        parent=own.name,
        role=dict(kind=roles.ROLE_KIND_CLERK, organization=first.name),
        request_id=request_id(),
    ),
    "/hocba.identity.v1.RoleService/EndRole": dict(name=ROLE, request_id=request_id()),
    "/hocba.identity.v1.SessionService/SignIn": dict(login="admin", password="sai"),
    "/hocba.identity.v1.SessionService/GetSession": {},
    "/hocba.identity.v1.SessionService/ListTokenKeys": {},
    "/hocba.records.v1.CatalogService/ListSchoolYears": {},
    "/hocba.records.v1.CatalogService/ListSubjects": dict(school_year=YEAR, grade=6),
    "/hocba.records.v1.CatalogService/ListRollouts": {},
    "/hocba.records.v1.CatalogService/UpdateRollout": dict(
        rollout=dict(name=f"rollouts/{YEAR}", grades=[1]), request_id=request_id()
    ),
    "/hocba.records.v1.ImportService/ImportWorkbook": dict(
        header=dict(parent=SCHOOL, file_name="x.xlsx", request_id=request_id())
    ),
    "/hocba.records.v1.MarkSheetService/GetMarkSheet": dict(name=SHEET),
    "/hocba.records.v1.MarkSheetService/ListMarkSheets": dict(parent=CLASS),
    "/hocba.records.v1.MarkSheetService/BatchGetMarkSheets": dict(parent=SCHOOL, names=[SHEET]),
    "/hocba.records.v1.MarkSheetService/EnterMark": dict(
        name=SHEET, student=STUDENT, mark=dict(slot=2, score_tenths=100), request_id=request_id()
    ),
    "/hocba.records.v1.ResultService/ComputeResults": dict(parent=CLASS, request_id=request_id()),
    "/hocba.records.v1.ResultService/StreamResults": dict(parent=SCHOOL, school_year=YEAR),
    "/hocba.records.v1.RosterService/ListStaff": dict(parent=SCHOOL),
    "/hocba.records.v1.RosterService/ListClasses": dict(parent=SCHOOL),
    "/hocba.records.v1.RosterService/ListStudents": dict(parent=CLASS),
    "/hocba.records.v1.RosterService/GetStudent": dict(name=STUDENT),
    "/hocba.records.v1.RosterService/ListAssignments": dict(parent=CLASS),
    "/hocba.records.v1.TranscriptService/GetTranscript": dict(name=TRANSCRIPT),
    "/hocba.records.v1.TranscriptService/StreamTranscripts": dict(parent=CLASS),
    "/hocba.records.v1.TranscriptService/BatchGetTranscripts": dict(
        parent=SCHOOL, names=[TRANSCRIPT]
    ),
    "/hocba.reporting.v1.ReportService/GetProgress": dict(parent=first.name, school_year=YEAR),
    "/hocba.reporting.v1.ReportService/GetDistribution": dict(parent=first.name, school_year=YEAR),
    "/hocba.signing.v1.DocumentService/GetDocument": dict(name=DOCUMENT),
    "/hocba.signing.v1.DocumentService/StreamDocuments": dict(parent=CLASS, school_year=YEAR),
    "/hocba.signing.v1.DocumentService/ListSigningPolicies": {},
    "/hocba.signing.v1.SignatureService/PrepareSignatures": dict(
        parent=SCHOOL, capacity=3, sources=[TRANSCRIPT], certificate=CERTIFICATE,
        request_id=request_id(),
    ),
    "/hocba.signing.v1.SignatureService/CompleteSignatures": dict(
        parent=SCHOOL,
        signatures=[dict(intent=f"{SCHOOL}/intents/{uuid.uuid4()}", value=b"0" * 64)],
        request_id=request_id(),
    ),
    "/hocba.signing.v1.VerificationService/Verify": dict(content=b"<x/>"),
}  # fmt: skip


# --- Tokens ------------------------------------------------------------------------------------


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(key, key_id, expiry, claims):
    header = base64url(f'{{"alg":"ES256","kid":"{key_id}","typ":"JWT"}}'.encode())
    body = base64url(json.dumps({**claims, "exp": expiry}).encode())
    der = key.sign(f"{header}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    return f"{header}.{body}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def sql(statement):
    command = ["psql", "-X", "-q", "-A", "-t", sys.argv[1], "-c", statement]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


genuine = own_token[0][1].removeprefix("Bearer ")
claims_part = genuine.split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(claims_part + "=" * (-len(claims_part) % 4)))
key_id = json.loads(base64.urlsafe_b64decode(genuine.split(".")[0] + "=="))["kid"]
pem = sql(f"SELECT private_key FROM identity.token_key WHERE key_id = '{key_id}'")
real_key = serialization.load_pem_private_key(pem.encode(), None)
unknown_key = ec.generate_private_key(ec.SECP256R1())
now = int(time.time())
header, body, signature = genuine.split(".")
changed = base64url(json.dumps({**claims, "sub": other.name.split("/")[1]}).encode())
none = base64url(b'{"alg":"none"}')

CALLERS = {
    "nobody": [],
    "garbage": [("authorization", "Bearer rac.rac.rac")],
    "no token": [("authorization", "Bearer")],
    "another scheme": [("authorization", "Basic YWRtaW46YWRtaW4=")],
    "expired": [("authorization", f"Bearer {token(real_key, key_id, now - 1, claims)}")],
    "unknown key": [("authorization", f"Bearer {token(unknown_key, 'la', now + 600, claims)}")],
    "forged": [("authorization", f"Bearer {token(unknown_key, key_id, now + 600, claims)}")],
    "changed": [("authorization", f"Bearer {header}.{changed}.{signature}")],
    "unsigned": [("authorization", f"Bearer {none}.{body}.")],
}
# The same way of making one that is good, so that the others are refused for the right reason.
GOOD = [("authorization", f"Bearer {token(real_key, key_id, now + 600, claims)}")]


# --- The calls ---------------------------------------------------------------------------------


def methods():
    for path in FILES:
        if not path.startswith("hocba/"):
            continue
        generated = module(path)
        for service in generated.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield path.split("/")[1], service, method, generated


def ask(service, method, request, generated, metadata):
    """The code and reason with which a call ends."""
    from google.protobuf import message_factory

    kind = message_factory.GetMessageClass(method.input_type)
    answer = message_factory.GetMessageClass(method.output_type)
    shape = ("stream" if method.client_streaming else "unary") + "_"
    shape += "stream" if method.server_streaming else "unary"
    name = f"/{method.containing_service.full_name}/{method.name}"
    call = getattr(CHANNELS[service], shape)(
        name, request_serializer=kind.SerializeToString, response_deserializer=answer.FromString
    )
    body = kind(**request)
    try:
        found = call(iter([body]) if method.client_streaming else body, metadata=metadata, timeout=10)
        if method.server_streaming:
            list(found)
        return "OK", ""
    except grpc.RpcError as error:
        info = details(error)[1].get("ErrorInfo")
        return error.code().name, info.reason if info else ""


def absent(value):
    """The same request about things that do not exist."""
    if isinstance(value, dict):
        return {key: absent(each) for key, each in value.items()}
    if isinstance(value, list):
        return [absent(each) for each in value]
    if isinstance(value, str) and "/" in value:
        parts = value.split("/")
        return "/".join(
            str(uuid.uuid4()) if len(part) == 36 and part.count("-") == 4 else part
            for part in parts
        )
    return value


problems = []


def expect(what, found, wanted):
    if found[0] != wanted:
        problems.append(f"{what}: {' '.join(found)}, expected {wanted}")


count = 0
for service, owner, method, generated in methods():
    name = f"/{owner.full_name}/{method.name}"
    if name not in REQUESTS:
        problems.append(f"{name}: has no request here; add one")
        continue
    count += 1
    request = REQUESTS[name]

    def answer(metadata, body=request):
        return ask(service, method, body, generated, metadata)

    if name in OPEN:
        found = answer([])
        if found not in (("OK", ""), ("UNAUTHENTICATED", "CREDENTIALS_INVALID")):
            problems.append(f"{name}: is not open, {found}")
        continue
    for who, metadata in CALLERS.items():
        expect(f"{name} by {who}", answer(metadata), "UNAUTHENTICATED")
    if name in COMMON:
        expect(f"{name} by an account", answer(stranger), "OK")
        continue
    forbidden = answer(stranger)
    expect(f"{name} from another school", forbidden, "PERMISSION_DENIED")
    missing = answer(stranger, absent(request))
    if missing != forbidden:
        problems.append(f"{name}: forbidden is {forbidden}, absent is {missing}")

# ListOrganizations without a parent is everybody's, and shows only what is below one's own roles.
listing = stub("identity", "organization", "OrganizationService").ListOrganizations(
    module("hocba/identity/v1/organization_service.proto").ListOrganizationsRequest(),
    metadata=stranger,
)
if [each.name for each in listing.organizations] != [second.name]:
    problems.append("ListOrganizations shows a stranger more than the own school")
health = module("grpc/health/v1/health.proto")
for name, channel in CHANNELS.items():
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health.HealthCheckRequest.SerializeToString,
        response_deserializer=health.HealthCheckResponse.FromString,
    )
    assert check(health.HealthCheckRequest()).status == health.HealthCheckResponse.SERVING, name
method = module("hocba/identity/v1/session_service.proto").DESCRIPTOR.services_by_name[
    "SessionService"
].methods_by_name["GetSession"]
expect("a token made here", ask("identity", method, {}, None, GOOD), "OK")
assert set(REQUESTS) >= OPEN | COMMON
print("\n".join(problems) or f"{count} methods, {len(CALLERS) + 1} callers: all refused as they should")
sys.exit(1 if problems or count < 40 else 0)
