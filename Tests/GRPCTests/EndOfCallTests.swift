import NIOCore
import NIOPosix
import Testing

@testable import GRPC

@Suite("Deadlines and cancellation", .timeLimit(.minutes(10)))
struct EndOfCallTests {
  /// A handler that waits until it is cancelled, and says so.
  private func waiting(_ started: Signal, _ cancelled: Signal) -> MethodHandler {
    .serverStreaming(method("Wait")) { (_: Bytes, _, responses: ResponseWriter<Bytes>) in
      try await responses.write(Bytes("started"))
      started.send()
      do {
        try await Task.sleep(for: .seconds(60))
      } catch {
        cancelled.send()
        throw error
      }
    }
  }

  @Test func `a deadline ends the call at the client and cancels the handler`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    try await withServer(standardHandlers + [waiting(started, cancelled)]) { client, _, _ in
      // Connecting takes no part of the time.
      let _: Bytes = try await client.unary(method("Echo"), Bytes(""))
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Wait"),
          Bytes(""),
          options: CallOptions(timeout: .seconds(3))
        )
      }
      #expect(error?.code == .deadlineExceeded)
      try await cancelled.wait()
    }
  }

  @Test func `a handler sees the deadline of its caller`() async throws {
    let handler = MethodHandler.unary(method("Left")) { (_: Bytes, context: ServerContext) in
      guard let deadline = context.deadline else { return Bytes("none") }
      let left = deadline - ContinuousClock.now
      return Bytes(left > .seconds(3_000) && left <= .seconds(3_600) ? "right" : "\(left)")
    }
    try await withServer([handler]) { client, _, _ in
      let none: Bytes = try await client.unary(method("Left"), Bytes(""))
      #expect(none.text == "none")
      let some: Bytes = try await client.unary(
        method("Left"),
        Bytes(""),
        options: CallOptions(timeout: .seconds(3_600))
      )
      #expect(some.text == "right")
    }
  }

  @Test func `a timeout of nothing fails without a call`() async throws {
    try await withServer { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Echo"),
          Bytes(""),
          options: CallOptions(timeout: .zero)
        )
      }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test func `a deadline passes also while there is no connection`() async throws {
    // An address that is reserved for documentation (RFC 5737): nobody answers there.
    let client = GRPCClient(
      host: "192.0.2.1",
      port: 1,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    let error = await status {
      let _: Bytes = try await client.unary(
        method("Echo"),
        Bytes(""),
        options: CallOptions(timeout: .milliseconds(50))
      )
    }
    #expect(error?.code == .deadlineExceeded || error?.code == .unavailable)
    await client.close()
  }

  @Test func `cancelling the caller's task cancels the handler`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    try await withServer([waiting(started, cancelled)]) { client, _, _ in
      let caller = Task {
        await status { let _: Bytes = try await client.unary(method("Wait"), Bytes("")) }
      }
      try await started.wait()
      caller.cancel()
      #expect(await caller.value?.code == .cancelled)
      try await cancelled.wait()
    }
  }

  @Test func `a call of a cancelled task is cancelled`() async throws {
    try await withServer { client, _, _ in
      let caller = Task {
        while !Task.isCancelled { await Task.yield() }
        return await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
      }
      caller.cancel()
      #expect(await caller.value?.code == .cancelled)
      let after: Bytes = try await client.unary(method("Echo"), Bytes("after"))
      #expect(after.text == "after")
    }
  }

  @Test func `a call that is cancelled before there is a connection leaves nothing behind`()
    async throws
  {
    try await withServer { _, port, _ in
      let loop = MultiThreadedEventLoopGroup.singleton.next()
      let connection = try ClientConnection(
        address: SocketAddress(ipAddress: "127.0.0.1", port: port),
        of: Target(host: "127.0.0.1", port: port),
        over: ClientTransport(.plaintext),
        configuration: .init(),
        eventLoop: loop,
        tell: { _, _ in }
      )
      let plan = try CallPlan(
        ClientContext(method: method("Echo"), options: .init()),
        nil,
        CallPlan.Defaults(connection.configuration)
      )
      let (cancelled, kept) = try await loop.submit {
        let cancelled = ClientStream(connection, plan, takesOneMessage: true)
        cancelled.messages = [WireMessage([1])]
        cancelled.isComplete = true
        cancelled.begin()
        cancelled.cancel()
        let kept = ClientStream(connection, plan, takesOneMessage: true)
        kept.messages = [WireMessage([2])]
        kept.isComplete = true
        kept.begin()
        connection.connect(timeout: .seconds(20))
        return (cancelled, kept)
      }.get()
      #expect(await status { _ = try await cancelled.read(.sole) }?.code == .cancelled)
      #expect(try await kept.read(.sole) == [2])
      // The end of a stream is seen a moment after that of its call.
      while try await loop.submit({ connection.streams.count }).get() > 0 {
        try await Task.sleep(for: .milliseconds(10))
      }
      try await connection.shutdown().get()
    }
  }

  @Test func `dropping a response stream cancels the handler`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    try await withServer([waiting(started, cancelled)]) { client, _, _ in
      do {
        let responses: ResponseStream<Bytes> = client.serverStreaming(method("Wait"), Bytes(""))
        var iterator = responses.makeAsyncIterator()
        #expect(try await iterator.next()?.text == "started")
      }
      try await cancelled.wait()
    }
  }

  @Test func `the loss of the connection cancels the handler and is UNAVAILABLE`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    try await withServer([waiting(started, cancelled)]) { client, _, _ in
      async let error = status { let _: Bytes = try await client.unary(method("Wait"), Bytes("")) }
      try await started.wait()
      await client.close()
      #expect(await error?.code == .cancelled)
      try await cancelled.wait()
    }
  }

  @Test func `an error in the client's writer cancels the handler that reads`() async throws {
    let (started, ended) = (Signal(), Signal())
    let handler = MethodHandler.clientStreaming(method("Read")) {
      (requests: RequestStream<Bytes>, _) -> Bytes in
      do {
        for try await _ in requests { started.send() }
      } catch {
        if Task.isCancelled { ended.send() }
        throw error
      }
      return Bytes("complete")
    }
    try await withServer([handler]) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.clientStreaming(method("Read")) {
          (requests: RequestWriter<Bytes>) in
          try await requests.write(Bytes("1"))
          try await started.wait()
          throw RPCError(.aborted, "changed my mind")
        }
      }
      #expect(error?.code == .aborted)
      try await ended.wait()
    }
  }
}
