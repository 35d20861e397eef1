"""client.py: another system reads from a district that has signed its transcripts.

Signs in, reads a transcript, streams a class, and understands a refusal.
"""

import hashlib
import uuid

import grpc
from support import (
    administrator, details, module, new_person, organization_by_code, refusal, roles,
    sign_in, stub,
)  # fmt: skip

YEAR = "2022-2023"
roster = module("hocba/records/v1/roster_service.proto")
transcripts = module("hocba/records/v1/transcript_service.proto")
results = module("hocba/records/v1/result_service.proto")
documents = module("hocba/signing/v1/document_service.proto")
catalog = module("hocba/records/v1/catalog_service.proto")

admin = administrator()
school = organization_by_code("74725501", admin)
above = organization_by_code("BGDDT", admin)
login = f"he-thong-{uuid.uuid4().hex[:8]}"
_, system = new_person(login, roles.ROLE_KIND_SYSTEM, above.name, admin)
parent = school.name.replace("organizations/", "schools/")

# A list, a stream of a class, and one transcript of it.
classes = stub("records", "roster", "RosterService").ListClasses(
    roster.ListClassesRequest(parent=parent, school_year=YEAR), metadata=system
)
assert [each.display_name for each in classes.classes] == ["6A1", "6A2"], classes
chosen = classes.classes[0]
service = stub("records", "transcript", "TranscriptService")
stream = service.StreamTranscripts(
    transcripts.StreamTranscriptsRequest(parent=chosen.name), metadata=system
)
streamed = list(stream)
assert len(streamed) == chosen.student_count == 42, len(streamed)
codes = [each.result.student_code for each in streamed]
assert codes == sorted(codes), codes
one = service.GetTranscript(
    transcripts.GetTranscriptRequest(name=streamed[0].name), metadata=system
)
assert one == streamed[0]
assert hashlib.sha256(one.payload).hexdigest() == one.payload_digest
assert one.result.lower_secondary.year.academic in ("T", "K", "Đ", "CĐ")

# What was issued holds exactly that document.
issued = stub("signing", "document", "DocumentService").StreamDocuments(
    documents.StreamDocumentsRequest(
        parent=chosen.name, kind=documents.DOCUMENT_KIND_TRANSCRIPT, school_year=YEAR
    ),
    metadata=system,
)
digests = {each.source: each.payload_digest for each in issued}
assert digests == {each.name: each.payload_digest for each in streamed}

# A refusal says what it is, in a form for programs and in words for people.
error = refusal(lambda: sign_in("admin", "khong phai mat khau nay"))
status, kinds = details(error)
assert error.code() == grpc.StatusCode.UNAUTHENTICATED
assert status.code == grpc.StatusCode.UNAUTHENTICATED.value[0]
assert kinds["ErrorInfo"].reason == "CREDENTIALS_INVALID", kinds
assert kinds["ErrorInfo"].domain == "hocba"
assert kinds["LocalizedMessage"].locale == "vi-VN"
assert kinds["LocalizedMessage"].message

# A wrong field is named.
error = refusal(
    lambda: stub("records", "roster", "RosterService").ListClasses(
        roster.ListClassesRequest(parent="trường nào đó", school_year=YEAR), metadata=system
    )
)
status, kinds = details(error)
assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
assert [each.field for each in kinds["BadRequest"].field_violations] == ["parent"], kinds

# The roll-out does not reach grade 2, neither for one pupil nor for a class in a stream.
primary = organization_by_code("74725101", admin).name.replace("organizations/", "schools/")
listed = stub("records", "roster", "RosterService").ListClasses(
    roster.ListClassesRequest(parent=primary, school_year=YEAR), metadata=system
)
second = [each for each in listed.classes if each.grade == 2]
assert len(second) == 2 and not any(each.electronic_transcript for each in second)
error = refusal(
    lambda: list(
        service.StreamTranscripts(
            transcripts.StreamTranscriptsRequest(parent=second[0].name), metadata=system
        )
    )
)
assert error.code() == grpc.StatusCode.FAILED_PRECONDITION, error
assert details(error)[1]["ErrorInfo"].reason == "GRADE_NOT_ROLLED_OUT"

# Its marks are kept all the same, and make results.
streamed = stub("records", "result", "ResultService").StreamResults(
    results.StreamResultsRequest(parent=second[0].name, school_year=YEAR), metadata=system
)
of_second = list(streamed)
assert len(of_second) == second[0].student_count
assert all(each.primary.result for each in of_second)

# Without a token nothing is told, and a deadline is kept.
error = refusal(
    lambda: stub("records", "catalog", "CatalogService").ListSubjects(
        catalog.ListSubjectsRequest(school_year=YEAR, grade=6), metadata=[]
    )
)
assert error.code() == grpc.StatusCode.UNAUTHENTICATED, error
error = refusal(
    lambda: list(
        stub("records", "result", "ResultService").StreamResults(
            results.StreamResultsRequest(parent=parent, school_year=YEAR),
            metadata=system,
            timeout=0.001,
        )
    )
)
assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
print(f"{len(codes)} transcripts of class {chosen.display_name} read and compared")
