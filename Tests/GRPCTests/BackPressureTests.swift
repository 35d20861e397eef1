import GRPC
import NIOCore
import Testing

@Suite("Back pressure", .timeLimit(.minutes(10)))
struct BackPressureTests {
  private static let chunk = 10_000
  private static let total = 200

  @Test func `a slow reader of responses stops the handler`() async throws {
    let written = Signal()
    let handler = MethodHandler.serverStreaming(method("Flood")) {
      (_: Bytes, _, responses: ResponseWriter<Bytes>) in
      for _ in 0..<BackPressureTests.total {
        try await responses.write(Bytes([UInt8](repeating: 7, count: BackPressureTests.chunk)))
        written.send()
      }
    }
    try await withServer([handler]) { client, _, _ in
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Flood"), Bytes(""))
      var iterator = responses.makeAsyncIterator()
      _ = try await iterator.next()
      try await Task.sleep(for: .milliseconds(300))
      // The client's window, and what the server queues, are 64 KiB each.
      #expect(written.value < 20)
      var count = 1
      while try await iterator.next() != nil { count += 1 }
      #expect(count == BackPressureTests.total)
    }
  }

  @Test func `a slow handler stops the writer of requests`() async throws {
    let (read, written, go) = (Signal(), Signal(), Signal())
    let handler = MethodHandler.clientStreaming(method("Sip")) {
      (requests: RequestStream<Bytes>, _) -> Bytes in
      var count = 0
      for try await _ in requests {
        count += 1
        if count == 1 {
          read.send()
          try await go.wait()
        }
      }
      return Bytes("\(count)")
    }
    try await withServer([handler]) { client, _, _ in
      async let response: Bytes = client.clientStreaming(method("Sip")) {
        (requests: RequestWriter<Bytes>) in
        for _ in 0..<BackPressureTests.total {
          try await requests.write(Bytes([UInt8](repeating: 7, count: BackPressureTests.chunk)))
          written.send()
        }
      }
      try await read.wait()
      try await Task.sleep(for: .milliseconds(300))
      #expect(written.value < 20)
      go.send()
      #expect(try await response.text == "\(BackPressureTests.total)")
    }
  }

  @Test func `a stream that nobody reads does not stall its neighbours`() async throws {
    try await withServer { client, _, _ in
      let ignored: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes("1000000")
      )
      _ = try await ignored.initialMetadata
      for number in 0..<100 {
        let response: Bytes = try await client.unary(
          method("Echo"),
          Bytes([UInt8](repeating: UInt8(number), count: 50_000))
        )
        #expect(response.bytes.count == 50_000)
      }
      withExtendedLifetime(ignored) {}
    }
  }

  @Test func `a handler may leave requests unread`() async throws {
    let handler = MethodHandler.clientStreaming(method("Ignore")) {
      (_: RequestStream<Bytes>, _) in Bytes("enough")
    }
    try await withServer([handler]) { client, _, _ in
      // More than the connection's window in all, so that none of it may leak.
      for _ in 0..<200 {
        let response: Bytes = try await client.clientStreaming(method("Ignore")) {
          (requests: RequestWriter<Bytes>) in
          try await requests.write(Bytes([UInt8](repeating: 1, count: 60_000)))
        }
        #expect(response.text == "enough")
      }
    }
  }
}
