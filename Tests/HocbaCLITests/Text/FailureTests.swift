import API
import GRPC
import Postgres
import Protobuf
import Testing

@testable import HocbaCLI

@Suite("Failure")
struct FailureTests {
  @Test func `says message, reason and fields of a refusal`() {
    let status = GoogleRPC.Status(
      code: 3,
      message: "field is invalid",
      details: [
        .init(
          packing: GoogleRPC.ErrorInfo(
            reason: "FIELD_INVALID",
            domain: "hocba",
            metadata: ["field": "year"]
          )
        ),
        .init(packing: GoogleRPC.LocalizedMessage(locale: "vi-VN", message: "Sai năm học.")),
        .init(
          packing: GoogleRPC.BadRequest(
            fieldViolations: [.init(field: "year", description: "phải có dạng 2022-2023")]
          )
        ),
      ]
    )
    let error = RPCError(.invalidArgument, "field is invalid", details: status.encoded())
    let complaint = Complaint(error)
    #expect(complaint.reason == "FIELD_INVALID")
    #expect(complaint.metadata == ["field": "year"])
    #expect(complaint.message == words("Sai năm học.", "field is invalid"))
    #expect(complaint.text.hasSuffix("[FIELD_INVALID]\n  year: phải có dạng 2022-2023"))
    #expect(Failure(error).status == 1)
  }

  @Test func `an answer without details still says what it is`() {
    let complaint = Complaint(RPCError(.unavailable, "connection refused"))
    #expect(complaint.text.hasSuffix("connection refused [UNAVAILABLE]"))
    let broken = Complaint(RPCError(.internalError, "oops", details: [0xFF, 0xFF]))
    #expect(broken.text == "oops [INTERNAL]")
  }

  @Test func `a service that is down is named by its address, not by the system call that failed`()
  {
    let detail = "cannot connect to 10.0.0.1:7411: Connection errors: (errno: 111)"
    let complaint = Complaint(RPCError(.unavailable, detail))
    #expect(complaint.text.contains("10.0.0.1:7411"))
    #expect(!complaint.text.contains("errno"))
  }

  @Test func `names the migration that makes a database too new`() {
    #expect(Failure(StoreError.unknownMigration("m0009_x")).message.contains("m0009_x"))
  }
}
