import API
import GRPC
import Testing

@testable import protoc_gen_hocba

@Suite("protoc-gen-hocba")
struct GeneratorTests {
  private func message(_ name: String, _ fields: (String, String)...) -> Request.Message {
    var message = Request.Message()
    message.name = name
    message.fullName = "test.\(name)"
    message.fields = fields.enumerated().map { index, field in
      var result = Request.Field()
      result.name = field.0
      result.number = index + 1
      result.type = field.1.isEmpty ? .string : .message
      result.typeName = field.1.isEmpty ? "" : "test.\(field.1)"
      return result
    }
    return message
  }

  private func request(_ messages: Request.Message...) -> Request {
    var file = Request.File()
    file.name = "test.proto"
    file.package = "test"
    file.syntax = "proto3"
    file.messages = messages
    return Request(files: [file], filesToGenerate: ["test.proto"], parameter: "c=CTest")
  }

  @Test func `refuses a message that contains itself`() throws {
    let messages = request(message("A", ("b", "B")), message("B", ("text", ""), ("a", "A")))
    #expect(throws: Refusal("test.A contains test.B contains itself: is recursive")) {
      try Generator(messages)
    }
  }

  @Test func `refuses proto2`() throws {
    var request = request(message("A"))
    request.files[0].syntax = ""
    #expect(throws: Refusal("test.proto: is not proto3")) { try Generator(request) }
  }

  @Test func `refuses bytes that are no request`() throws {
    #expect(throws: Refusal("standard input is not a CodeGeneratorRequest")) {
      try Request(decoding: [0xFF])
    }
  }

  @Test func `writes files for the namespace, each proto, all descriptors, and C`() throws {
    let files = try Generator(request(message("A", ("text", "")))).files()
    #expect(
      files.map(\.name) == [
        "Test/Test.swift", "Test/Test+Test.swift", "ProtoFiles.swift", "CTest.proto", "CTest.h",
      ]
    )
    #expect(files[3].content.contains("bytes f1 = 1;"))
  }

  @Test func `carries comments over`() throws {
    var documented = message("A", ("text", ""))
    documented.comment = " What A is.\n\n And more.\n"
    documented.fields[0].comment = " What text is.\n"
    let swift = try Generator(request(documented)).files()[1].content
    #expect(
      swift.contains(
        """
          /// What A is.
          ///
          /// And more.
          package struct A: ProtobufMessage, GRPC.Message {
            /// What text is.
            package var text: String = ""
        """
      )
    )
  }

  @Test(arguments: [
    ("request_id", "requestID"), ("id", "id"), ("pupil_ids", "pupilIDs"), ("type_url", "typeURL"),
    ("xml", "xml"), ("in", "`in`"), ("self", "self_"), ("Mixed_Case", "mixedCase"), ("_", "_"),
  ])
  func `names members as Swift does`(name: String, swift: String) {
    #expect(Names.member(name) == swift)
  }

  @Test(arguments: [
    ("hocba.records.v1", "RecordsV1"), ("google.rpc", "GoogleRPC"),
    ("google.protobuf", "GoogleProtobuf"), ("grpc.health.v1", "GRPCHealthV1"),
  ])
  func `names namespaces after packages`(package: String, namespace: String) {
    #expect(Names.namespace(package) == namespace)
  }

  @Test(arguments: [
    ("MARK_KIND_ORAL", "MarkKind", "oral"), ("OK", "Code", "ok"),
    ("INVALID_ARGUMENT", "Code", "invalidArgument"), ("TERM_1", "Term", "term1"),
    ("KIND_DEFAULT", "Kind", "`default`"),
  ])
  func `names values without their enum's name`(value: String, type: String, swift: String) {
    #expect(Names.value(value, of: type) == swift)
  }

  @Test func `lists the methods of a service, and makes a handler of each`() {
    let methods = ProtobufTest.TestServiceMethods.all
    #expect(methods.map(\.method) == ["Ask", "AskMany", "TellMany", "Default"])
    #expect(methods.allSatisfy { $0.service == "hocba.protobuf.test.TestService" })
    #expect(Provider().handlers(Zero()).map(\.method) == methods)
  }
}

/// A provider of the test's service, which answers nothing.
private struct Provider: ProtobufTest.TestServiceProvider {
  func ask(
    _ request: ProtobufTest.Everything,
    _ context: Int
  ) async throws -> ProtobufTest.WellKnown { .init() }

  func askMany(
    _ request: ProtobufTest.Everything,
    _ context: Int,
    _ responses: ResponseWriter<ProtobufTest.WellKnown>
  ) async throws {}

  func tellMany(
    _ requests: RequestStream<ProtobufTest.Everything>,
    _ context: Int
  ) async throws -> ProtobufTest.Nothing { .init() }

  func `default`(
    _ requests: RequestStream<ProtobufTest.Everything>,
    _ context: Int,
    _ responses: ResponseWriter<ProtobufTest.Nothing>
  ) async throws {}
}

/// Makes a context of nothing.
private struct Zero: Interceptor {
  func intercept(_: ServerContext, _ proceed: (Int) async throws -> Void) async throws {
    try await proceed(0)
  }
}
