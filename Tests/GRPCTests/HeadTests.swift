import Testing

@testable import GRPC

@Suite("The server's half: request headers")
struct RequestHeadTests {
  private static let plain = [
    (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), ("te", "trailers"),
    ("content-type", "application/grpc"),
  ]

  private func head(_ fields: [(String, String)], limit: Int = 1000) -> RequestHead {
    var head = RequestHead(limit: limit)
    for (name, value) in fields {
      head.receive(name: [UInt8](name.utf8).span, value: [UInt8](value.utf8).span)
    }
    head.end()
    return head
  }

  private func code(_ extra: (String, String)...) -> RPCCode? {
    guard case .rpc(let error) = head(RequestHeadTests.plain + extra).refusal else { return nil }
    return error.code
  }

  @Test func `are accepted with path, timeout and metadata`() {
    let head = head(
      RequestHeadTests.plain + [
        ("grpc-timeout", "5S"), ("grpc-encoding", "identity"), ("grpc-accept-encoding", "gzip"),
        ("x-a", "1"), ("x-b-bin", "AQ"),
      ]
    )
    #expect(head.refusal == nil)
    #expect(head.path == [UInt8]("/a.B/C".utf8))
    #expect(head.timeout == .seconds(5))
    #expect(head.metadata.map(\.key) == ["x-a", "x-b-bin"])
  }

  @Test(
    arguments: [
      "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
    ]
  )
  func `have a content type of gRPC`(type: String) {
    #expect(head([(":method", "POST"), ("content-type", type)]).refusal == nil)
  }

  @Test(arguments: ["", "application/json", "application/grpc-web", "application/grpcx", "text"])
  func `of another content type are answered 415`(type: String) {
    #expect(head([(":method", "POST"), ("content-type", type)]).refusal == .http(415))
  }

  @Test func `without POST are answered 405`() {
    #expect(head([(":method", "GET"), ("content-type", "application/grpc")]).refusal == .http(405))
    #expect(head([]).refusal == .http(405))
  }

  @Test func `with an unknown encoding say which are known`() {
    let head = head(RequestHeadTests.plain + [("grpc-encoding", "snappy")])
    guard case .rpc(let error) = head.refusal else {
      Issue.record("accepted")
      return
    }
    #expect(error.code == .unimplemented)
    #expect(error.metadata["grpc-accept-encoding"] == "identity,gzip")
    #expect(error.message.contains("snappy") && error.message.contains("identity,gzip"))
  }

  @Test(
    arguments: [
      ("gzip", true), ("identity,gzip", true), ("identity, deflate , gzip", true), ("", false),
      ("identity", false), ("xgzip", false), ("gzip2,deflate", false), (",,gzip,", true),
      ("gz,ip", false), ("g zip", false),
    ]
  )
  func `say whether the caller reads gzip`(list: String, isAccepted: Bool) {
    #expect(head([("grpc-accept-encoding", list)]).acceptsGzip == isAccepted)
    // A field may come in parts.
    let parts = [("grpc-accept-encoding", list), ("grpc-accept-encoding", "deflate")]
    #expect(head(parts).acceptsGzip == isAccepted)
  }

  @Test func `name the encoding of the messages`() {
    #expect(head([]).compression == .identity)
    #expect(head([("grpc-encoding", "identity")]).compression == .identity)
    #expect(head([("grpc-encoding", "gzip")]).compression == .gzip)
  }

  @Test func `with malformed fields are refused`() {
    #expect(code() == nil)
    #expect(code(("grpc-timeout", "soon")) == .internalError)
    #expect(code(("x-bin", "****")) == .internalError)
  }

  @Test func `count against their limit with 32 bytes a field`() {
    let fields = [(":method", "POST"), ("content-type", "application/grpc")]
    let size = fields.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 32 }
    #expect(head(fields, limit: size).refusal == nil)
    guard case .rpc(let error) = head(fields, limit: size - 1).refusal else {
      Issue.record("accepted")
      return
    }
    #expect(error.code == .resourceExhausted)
  }
}

@Suite("The client's half: response headers and trailers")
struct ResponseHeadTests {
  private static let open = [(":status", "200"), ("content-type", "application/grpc")]

  private func receive(_ head: inout ResponseHead, _ fields: [(String, String)]) {
    for (name, value) in fields {
      head.receive(name: [UInt8](name.utf8).span, value: [UInt8](value.utf8).span)
    }
  }

  private func code(of blocks: [[(String, String)]]) -> RPCCode? {
    var head = ResponseHead(limit: 1000)
    for (index, block) in blocks.enumerated() {
      receive(&head, block)
      _ = head.endBlock(isLast: index == blocks.count - 1)
    }
    switch head.outcome {
    case .success: return .ok
    case .failure(let error): return error.code
    case nil: return nil
    }
  }

  @Test func `make a status of headers and trailers`() {
    var head = ResponseHead(limit: 1000)
    receive(&head, ResponseHeadTests.open + [("a", "1")])
    #expect(head.endBlock(isLast: false) == .headers)
    #expect(head.initialMetadata["a"] == "1")
    #expect(head.outcome == nil)
    receive(
      &head,
      [
        ("grpc-status", "5"), ("grpc-message", "kh%C3%B4ng"), ("grpc-status-details-bin", "AQ=="),
        ("b", "2"),
      ]
    )
    #expect(head.endBlock(isLast: true) == .end)
    guard case .failure(let error) = head.outcome else {
      Issue.record("no failure")
      return
    }
    #expect(error.code == .notFound)
    #expect(error.message == "không")
    #expect(error.details == [1])
    #expect(error.metadata.map(\.key) == ["b"])
  }

  @Test func `may be one block`() {
    #expect(code(of: [ResponseHeadTests.open + [("grpc-status", "0")]]) == .ok)
    #expect(code(of: [ResponseHeadTests.open + [("grpc-status", "7")]]) == .permissionDenied)
  }

  @Test func `skip interim answers`() {
    var head = ResponseHead(limit: 1000)
    receive(&head, [(":status", "103")])
    #expect(head.endBlock(isLast: false) == .interim)
    receive(&head, ResponseHeadTests.open)
    #expect(head.endBlock(isLast: false) == .headers)
  }

  @Test func `without a status are UNKNOWN or what HTTP says`() {
    #expect(code(of: [ResponseHeadTests.open, [("x", "y")]]) == .unknown)
    #expect(code(of: [[(":status", "503"), ("content-type", "text/html")]]) == .unavailable)
    #expect(code(of: [[(":status", "404")], []]) == .unimplemented)
    #expect(code(of: [[(":status", "200"), ("content-type", "text/html")], []]) == .unknown)
  }

  @Test(arguments: ["", "x", "-1", "17", "99999999999999999999"])
  func `with a status that is none are UNKNOWN`(status: String) {
    #expect(code(of: [ResponseHeadTests.open, [("grpc-status", status)]]) == .unknown)
  }

  @Test func `over the limit are RESOURCE_EXHAUSTED at once`() {
    var head = ResponseHead(limit: 100)
    receive(&head, [("a", String(repeating: "x", count: 100))])
    guard case .failure(let error) = head.outcome else {
      Issue.record("accepted")
      return
    }
    #expect(error.code == .resourceExhausted)
  }

  @Test func `in an encoding that was not offered are INTERNAL`() {
    #expect(
      code(of: [ResponseHeadTests.open + [("grpc-encoding", "snappy")], [("grpc-status", "0")]])
        == .internalError
    )
    for encoding in ["gzip", "identity"] {
      #expect(
        code(of: [ResponseHeadTests.open + [("grpc-encoding", encoding)], [("grpc-status", "0")]])
          == .ok
      )
    }
  }
}
