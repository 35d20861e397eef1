import Foundation
import GRPC
import Synchronization
import TestTools
import Testing

/// Calls that get to our server by way of the proxies that offices run.
@Suite("Behind a proxy", .timeLimit(.minutes(10)))
struct ProxyTests {
  private func withProxy(
    _ kind: Proxy.Kind,
    _ handlers: [MethodHandler] = standardHandlers,
    isSecure: Bool = false,
    _ body: (GRPCClient, Proxy, TestAuthority) async throws -> Void
  ) async throws {
    let authority = try TestAuthority()
    let identity = try authority.issue("server")
    let security = (
      server: isSecure ? ServerSecurity.tls(ServerTLS(identity: identity)) : .plaintext,
      client: ClientSecurity.plaintext
    )
    try await withServer(handlers, security) { _, port, _ in
      try await Proxy.run(kind, of: authority, before: [port], isSecure: isSecure) { proxy in
        let client = proxy.makeClient()
        let result: Result<Void, any Error>
        do {
          result = .success(try await body(client, proxy, authority))
        } catch {
          result = .failure(error)
        }
        await client.close()
        try result.get()
      }
    }
  }

  @Test(arguments: Proxy.Kind.allCases, [false, true])
  func `stock grpcio is content, with TLS behind the proxy and without`(
    kind: Proxy.Kind,
    isSecure: Bool
  ) async throws {
    try await withProxy(kind, isSecure: isSecure) { _, proxy, authority in
      let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "python_client.py")
      let result = try await Shell.runAside([
        try Shell.python, script.path(), "\(proxy.port)", authority.path("ca.crt"),
      ])
      #expect(result.output == "all right\n", "\(proxy.log)")
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `calls of every kind get through`(kind: Proxy.Kind) async throws {
    try await withProxy(kind) { client, _, _ in
      let large = Bytes([UInt8](repeating: 5, count: 4_000_000))
      #expect(try await client.unary(method("Echo"), large) == large)
      let repeated: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes("1000")
      )
      var count = 0
      for try await response in repeated {
        #expect(response.text == "\(count)")
        count += 1
      }
      #expect(count == 1_000)
      let joined: Bytes = try await client.clientStreaming(method("Join")) {
        (requests: RequestWriter<Bytes>) in
        for number in 0..<1_000 { try await requests.write(Bytes("\(number)")) }
      }
      #expect(joined.text.hasSuffix(",998,999"))
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `messages of a stream go on one by one, in both directions`(
    kind: Proxy.Kind
  ) async throws {
    try await withProxy(kind) { client, _, _ in
      // The next message is written only when the answer to the one before has come.
      let answered = Signal()
      let chat: ResponseStream<Bytes> = client.bidirectional(method("Chat")) {
        (requests: RequestWriter<Bytes>) in
        for number in 0..<20 {
          try await answered.wait(number)
          try await requests.write(Bytes("\(number)"))
        }
      }
      var texts: [String] = []
      for try await response in chat {
        texts.append(response.text)
        answered.send()
      }
      #expect(texts == (0..<20).map { "re \($0)" })
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `metadata gets through, and a status with its details`(kind: Proxy.Kind) async throws {
    try await withProxy(kind) { client, _, _ in
      var metadata = Metadata()
      metadata.add("some text", for: "x-text")
      metadata.add(binary: [0, 255, 1], for: "x-bytes-bin")
      let answers: ResponseStream<Bytes> = client.serverStreaming(
        method("Metadata"),
        Bytes(""),
        options: CallOptions(metadata: metadata)
      )
      #expect(try await answers.initialMetadata["y-text"] == "some text")
      for try await answer in answers { #expect(answer.text == "metadata") }
      #expect(try await answers.trailingMetadata[binary: "y-bytes-bin"] == [0, 255, 1])

      let failed = await status {
        let _: Bytes = try await client.unary(method("Fail"), Bytes("é"))
      }
      #expect(failed?.code == .failedPrecondition)
      #expect(failed?.message == "học bạ: 100% é")
      #expect(failed?.details == [8, 9, 0, 255])
      #expect(failed?.metadata["reason"] == "why")
      let unknown = await status { let _: Bytes = try await client.unary(method("No"), Bytes("")) }
      #expect(unknown?.code == .unimplemented)
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `a deadline and a cancellation reach the handler`(kind: Proxy.Kind) async throws {
    let (started, cancelled) = (Signal(), Signal())
    let deadline = Mutex<ContinuousClock.Instant?>(nil)
    let wait = MethodHandler.unary(method("Wait")) { (_: Bytes, context) -> Bytes in
      deadline.withLock { $0 = context.deadline }
      started.send()
      do { try await Task.sleep(for: .seconds(3_600)) } catch { cancelled.send() }
      return Bytes("")
    }
    try await withProxy(kind, standardHandlers + [wait]) { client, _, _ in
      // The ways are open, so that the deadline does not pass on them.
      let _: Bytes = try await client.unary(method("Echo"), Bytes(""))
      let late = await status {
        let _: Bytes = try await client.unary(
          method("Wait"),
          Bytes(""),
          options: CallOptions(timeout: .seconds(2))
        )
      }
      #expect(late?.code == .deadlineExceeded)
      #expect(deadline.withLock { $0 } != nil)
      try await cancelled.wait(1, "the deadline did not reach the handler")

      let call = Task {
        await status { let _: Bytes = try await client.unary(method("Wait"), Bytes("")) }
      }
      try await started.wait(2)
      call.cancel()
      #expect(await call.value?.code == .cancelled)
      try await cancelled.wait(2, "the cancellation did not reach the handler")
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `a server may be restarted behind it`(kind: Proxy.Kind) async throws {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: 0, security: .plaintext)
    steadyPort(&configuration)
    let started = Signal()
    let slow = MethodHandler.unary(method("Slow")) { (request: Bytes, _) in
      started.send()
      try await Task.sleep(for: .milliseconds(500))
      return request
    }
    let first = makeServer([slow], configuration)
    _ = try await first.start()
    let authority = try TestAuthority()
    _ = try authority.issue("server")
    try await Proxy.run(kind, of: authority, before: [configuration.port]) { proxy in
      let client = proxy.makeClient()
      async let running: Bytes = client.unary(method("Slow"), Bytes("slow"))
      try await started.wait()
      await first.shutdown(grace: .seconds(60))
      #expect(try await running.text == "slow", "a running call was lost")
      let away = await status { let _: Bytes = try await client.unary(method("Slow"), Bytes("")) }
      #expect(away?.code == .unavailable)

      let second = makeServer([slow], configuration)
      _ = try await second.start()
      var answer: Bytes?
      for _ in 0..<600 where answer == nil {
        answer = try? await client.unary(method("Slow"), Bytes("back"))
        // How soon a proxy tries again is its own affair.
        if answer == nil { try await Task.sleep(for: .milliseconds(50)) }
      }
      #expect(answer?.text == "back", "\(proxy.log)")
      await client.close()
      await second.shutdown(grace: .zero)
    }
  }

  @Test(arguments: Proxy.Kind.allCases)
  func `one of two servers may be restarted without a lost call`(
    kind: Proxy.Kind
  ) async throws {
    let (here, there) = (Signal(), Signal())
    func handlers(_ calls: Signal) -> [MethodHandler] {
      let short = MethodHandler.unary(method("Short")) { (request: Bytes, _) in
        calls.send()
        try await Task.sleep(for: .milliseconds(5))
        return request
      }
      return [short]
    }
    let authority = try TestAuthority()
    _ = try authority.issue("server")
    try await withServer(handlers(there)) { _, other, _ in
      try await withServer(handlers(here)) { _, port, server in
        try await Proxy.run(kind, of: authority, before: [port, other]) { proxy in
          // One that a proxy may give to one server each.
          let clients = (0..<8).map { _ in proxy.makeClient() }
          let callers = clients.map { client in
            Task {
              await status {
                while !Task.isCancelled {
                  let _: Bytes = try await client.unary(method("Short"), Bytes(""))
                }
              }
            }
          }
          try await here.wait(50, "the proxy did not use the server")
          await server.shutdown(grace: .seconds(60))
          try await there.wait(there.value + 50, "the proxy did not use the other server")
          for caller in callers { caller.cancel() }
          for caller in callers {
            let end = await caller.value
            #expect(end == nil || end?.code == .cancelled, "\(proxy.log)")
          }
          for client in clients { await client.close() }
        }
      }
    }
  }
}
