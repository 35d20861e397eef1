import GRPC
import NIOCore
import NIOPosix
import Testing

@Suite("Calls of our client to our server", .timeLimit(.minutes(10)))
struct CallTests {
  @Test func `a unary call returns its response`() async throws {
    try await withServer { client, _, _ in
      let response: Bytes = try await client.unary(method("Echo"), Bytes("xin chào"))
      #expect(response.text == "xin chào")
      let empty: Bytes = try await client.unary(method("Echo"), Bytes(""))
      #expect(empty.bytes.isEmpty)
    }
  }

  @Test func `a handler runs on the event loop of its connection`() async throws {
    let handler = MethodHandler.unary(method("Where")) { (_: Bytes, _) in
      let before = MultiThreadedEventLoopGroup.currentEventLoop
      await Task.yield()
      let after = MultiThreadedEventLoopGroup.currentEventLoop
      return Bytes(before != nil && before === after ? "on the loop" : "elsewhere")
    }
    try await withServer([handler]) { client, _, _ in
      let response: Bytes = try await client.unary(method("Where"), Bytes(""))
      #expect(response.text == "on the loop")
    }
  }

  @Test func `a handler may read and write from elsewhere`() async throws {
    let handler = MethodHandler.bidirectional(method("Away")) {
      (requests: RequestStream<Bytes>, _, responses: ResponseWriter<Bytes>) in
      let task = Task.detached {
        for try await request in requests { try await responses.write(request) }
      }
      try await task.value
    }
    try await withServer([handler]) { client, _, _ in
      let responses: ResponseStream<Bytes> = client.bidirectional(method("Away")) {
        (requests: RequestWriter<Bytes>) in
        for number in 0..<1000 { try await requests.write(Bytes("\(number)")) }
      }
      var count = 0
      for try await response in responses {
        #expect(response.text == "\(count)")
        count += 1
      }
      #expect(count == 1000)
    }
  }

  @Test func `many unary calls at a time keep their responses apart`() async throws {
    try await withServer { client, _, _ in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          group.addTask {
            let response: Bytes = try await client.unary(method("Echo"), Bytes("\(number)"))
            return response.text == "\(number)"
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test(arguments: [0, 1, 1000])
  func `server streaming delivers all in order`(count: Int) async throws {
    try await withServer { client, _, _ in
      let responses: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes("\(count)")
      )
      var texts: [String] = []
      for try await response in responses { texts.append(response.text) }
      #expect(texts == (0..<count).map { "\($0)" })
    }
  }

  @Test(arguments: [0, 1, 1000])
  func `client streaming delivers all in order`(count: Int) async throws {
    try await withServer { client, _, _ in
      let response: Bytes = try await client.clientStreaming(method("Join")) {
        (requests: RequestWriter<Bytes>) in
        for number in 0..<count { try await requests.write(Bytes("\(number)")) }
      }
      #expect(response.text == (0..<count).map { "\($0)" }.joined(separator: ","))
    }
  }

  @Test func `a bidirectional call goes back and forth`() async throws {
    try await withServer { client, _, _ in
      let (turns, next) = AsyncStream.makeStream(of: Int.self)
      next.yield(0)
      let responses: ResponseStream<Bytes> = client.bidirectional(method("Chat")) {
        (requests: RequestWriter<Bytes>) in
        for await turn in turns { try await requests.write(Bytes("\(turn)")) }
      }
      var turn = 0
      for try await response in responses {
        #expect(response.text == "re \(turn)")
        turn += 1
        if turn < 10 { next.yield(turn) } else { next.finish() }
      }
      #expect(turn == 10)
    }
  }

  @Test func `a megabyte goes there and back in one message`() async throws {
    try await withServer { client, _, _ in
      let request = Bytes((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) })
      let response: Bytes = try await client.unary(method("Echo"), request)
      #expect(response == request)
    }
  }

  @Test func `metadata goes both ways, text and bytes`() async throws {
    try await withServer { client, _, _ in
      var metadata = Metadata()
      metadata.add("some text", for: "X-Text")
      metadata.add(binary: [0, 255, 1], for: "x-bytes-bin")
      let responses: ResponseStream<Bytes> = client.serverStreaming(
        method("Metadata"),
        Bytes(""),
        options: CallOptions(metadata: metadata)
      )
      #expect(try await responses.initialMetadata["y-text"] == "some text")
      for try await response in responses { #expect(response.text == "metadata") }
      #expect(try await responses.trailingMetadata[binary: "y-bytes-bin"] == [0, 255, 1])
    }
  }

  @Test func `a status arrives with message, details and metadata`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Fail"), Bytes("é"))
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.message == "học bạ: 100% é")
      #expect(error?.details == [8, 9, 0, 255])
      #expect(error?.metadata["reason"] == "why")
    }
  }

  @Test func `the text of an unforeseen error stays in the server`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Crash"), Bytes(""))
      }
      #expect(error == RPCError(.internalError, "internal error"))
    }
  }

  @Test func `an unknown method is UNIMPLEMENTED`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Nothing"), Bytes(""))
      }
      #expect(error?.code == .unimplemented)
    }
  }

  @Test func `a request that cannot be decoded is INVALID_ARGUMENT`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Echo"), Bytes("unreadable"))
      }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test func `authentication comes before decoding`() async throws {
    let handler = MethodHandler.unary(
      method("Guarded"),
      through: Guard(),
      { (request: Bytes, _: String) in request }
    )
    try await withServer([handler]) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Guarded"), Bytes("unreadable"))
      }
      #expect(error?.code == .unauthenticated)
    }
  }

  @Test func `two requests to a unary method are an error`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.clientStreaming(method("Echo")) {
          (requests: RequestWriter<Bytes>) in
          try await requests.write(Bytes("1"))
          try await requests.write(Bytes("2"))
        }
      }
      #expect(error?.code == .internalError)
    }
  }

  @Test func `an error before the last request ends the call`() async throws {
    let handler = MethodHandler.clientStreaming(method("Refuse")) {
      (_: RequestStream<Bytes>, _) -> Bytes in
      throw RPCError(.permissionDenied, "no")
    }
    try await withServer([handler]) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.clientStreaming(method("Refuse")) {
          (requests: RequestWriter<Bytes>) in
          while true { try await requests.write(Bytes([UInt8](repeating: 1, count: 10_000))) }
        }
      }
      #expect(error?.code == .permissionDenied)
    }
  }

  @Test func `messages over the limit are RESOURCE_EXHAUSTED, at either end`() async throws {
    try await withServer(configure: { $0.maxMessageBytes = 1000 }) { client, _, _ in
      let fits: Bytes = try await client.unary(
        method("Echo"),
        Bytes([UInt8](repeating: 1, count: 1000))
      )
      #expect(fits.bytes.count == 1000)
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Echo"),
          Bytes([UInt8](repeating: 1, count: 1001))
        )
      }
      #expect(error?.code == .resourceExhausted)
    }
    var configuration = ClientConfiguration()
    configuration.maxMessageBytes = 1000
    try await withServer(client: configuration) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Echo"),
          Bytes([UInt8](repeating: 1, count: 1001))
        )
      }
      #expect(error?.code == .resourceExhausted)
    }
  }

  @Test func `headers over the limit are RESOURCE_EXHAUSTED`() async throws {
    try await withServer { client, _, _ in
      var metadata = Metadata()
      for number in 0..<20 {
        metadata.add(String(repeating: "x", count: 1000), for: "x-\(number)")
      }
      let options = CallOptions(metadata: metadata)
      let error = await status {
        let _: Bytes = try await client.unary(method("Echo"), Bytes(""), options: options)
      }
      #expect(error?.code == .resourceExhausted)
      let after: Bytes = try await client.unary(method("Echo"), Bytes("still there"))
      #expect(after.text == "still there")
    }
  }
}
