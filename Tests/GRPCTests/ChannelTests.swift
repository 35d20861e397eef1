import GRPC
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A name whose addresses a test decides on.
final class Names: NameResolver {
  private let list: Mutex<[SocketAddress]>
  private let asked = Mutex(0)

  init(_ ports: [Int]) throws {
    list = Mutex(try Names.addresses(ports))
  }

  var questions: Int { asked.withLock { $0 } }

  func set(_ ports: [Int]) throws {
    let addresses = try Names.addresses(ports)
    list.withLock { $0 = addresses }
  }

  func addresses() async throws -> [SocketAddress] {
    asked.withLock { $0 += 1 }
    return list.withLock { $0 }
  }

  private static func addresses(_ ports: [Int]) throws -> [SocketAddress] {
    try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
  }
}

/// A client's configuration whose waits are short.
func hasty(_ policy: ServiceConfig.LoadBalancing = .pickFirst) -> ClientConfiguration {
  var configuration = ClientConfiguration()
  configuration.backoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(100))
  configuration.resolutionInterval = .zero
  configuration.serviceConfig.loadBalancing = policy
  return configuration
}

/// A server that answers with its name.
func startServer(
  _ name: String,
  port: Int = 0,
  _ more: [MethodHandler] = []
) async throws -> (server: GRPCServer, port: Int) {
  let who = MethodHandler.unary(method("Who")) { (_: Bytes, _) in Bytes(name) }
  let server = makeServer(
    standardHandlers + [who] + more,
    ServerConfiguration(host: "127.0.0.1", port: port, security: .plaintext)
  )
  return (server, try #require(try await server.start().port))
}

/// Runs `body` with a client of the servers that `names` knows.
func withClient(
  _ names: Names,
  _ configuration: ClientConfiguration,
  _ body: (GRPCClient) async throws -> Void
) async throws {
  let client = try GRPCClient(
    authority: "test",
    resolver: names,
    security: .plaintext,
    configuration: configuration,
    group: MultiThreadedEventLoopGroup.singleton
  )
  let result: Result<Void, any Error>
  do { result = .success(try await body(client)) } catch { result = .failure(error) }
  await client.close()
  try result.get()
}

/// Who answers; waits for a connection.
func who(_ client: GRPCClient) async throws -> String {
  let answer: Bytes = try await client.unary(
    method("Who"),
    Bytes(""),
    options: CallOptions(waitForReady: true)
  )
  return answer.text
}

@Suite("Connections of a client", .timeLimit(.minutes(10)))
struct ChannelTests {
  /// A port where nobody listens, until a test does.
  private var freePort: Int { steadyPort() }

  /// Asks until those that answer are `names`, and asks no others.
  private func expect(_ names: Set<String>, _ client: GRPCClient) async throws {
    var latest: [String] = []
    for _ in 0..<3_000 {
      latest = (latest + [try await who(client)]).suffix(12)
      if latest.count == 12, Set(latest) == names { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("answers came from \(latest)")
  }

  @Test func `round robin asks all servers in turns`() async throws {
    let (a, b) = (try await startServer("a"), try await startServer("b"))
    try await withClient(try Names([a.port, b.port]), hasty(.roundRobin)) { client in
      try await expect(["a", "b"], client)
      var answers: [String] = []
      for _ in 0..<10 { answers.append(try await who(client)) }
      #expect(answers.count { $0 == "a" } == 5)
    }
    await a.server.shutdown(grace: .zero)
    await b.server.shutdown(grace: .zero)
  }

  @Test func `round robin leaves out a server that is gone, until it is back`() async throws {
    let port = freePort
    let (a, b) = (try await startServer("a", port: port), try await startServer("b"))
    try await withClient(try Names([a.port, b.port]), hasty(.roundRobin)) { client in
      try await expect(["a", "b"], client)
      await a.server.shutdown(grace: .zero)
      try await expect(["b"], client)
      let back = try await startServer("back", port: port)
      try await expect(["back", "b"], client)
      await back.server.shutdown(grace: .zero)
    }
    await b.server.shutdown(grace: .zero)
  }

  @Test func `pick first stays with the first that answers, and fails over`() async throws {
    let servers = ["a": try await startServer("a"), "b": try await startServer("b")]
    let ports = [freePort] + servers.values.map(\.port)
    try await withClient(try Names(ports), hasty()) { client in
      let first = try await who(client)
      for _ in 0..<10 {
        let name = try await who(client)
        #expect(name == first)
      }
      await servers[first]?.server.shutdown(grace: .zero)
      for _ in 0..<10 {
        let name = try await who(client)
        #expect(name != first)
      }
    }
    for (server, _) in servers.values { await server.shutdown(grace: .zero) }
  }

  @Test(arguments: [ServiceConfig.LoadBalancing.pickFirst, .roundRobin])
  func `a client finds servers that have moved`(
    policy: ServiceConfig.LoadBalancing
  ) async throws {
    let (a, b) = (try await startServer("a"), try await startServer("b"))
    let names = try Names([a.port])
    try await withClient(names, hasty(policy)) { client in
      #expect(try await who(client) == "a")
      #expect(names.questions == 1)
      try names.set([b.port])
      await a.server.shutdown(grace: .zero)
      #expect(try await who(client) == "b")
    }
    await b.server.shutdown(grace: .zero)
  }

  @Test func `a call that waits for a connection is made when there is a server`() async throws {
    let port = freePort
    let names = try Names([port])
    try await withClient(names, hasty()) { client in
      async let waiting = who(client)
      async let stream = texts(
        client.serverStreaming(
          method("Repeat"),
          Bytes("3"),
          options: CallOptions(waitForReady: true)
        )
      )
      // It is known by now that nobody is there.
      while client.connectivity != .transientFailure {
        try await Task.sleep(for: .milliseconds(5))
      }
      let late = try await startServer("late", port: port)
      #expect(try await waiting == "late")
      #expect(try await stream == ["0", "1", "2"])
      await late.server.shutdown(grace: .zero)
    }
  }

  private func texts(_ responses: ResponseStream<Bytes>) async throws -> [String] {
    var texts: [String] = []
    for try await response in responses { texts.append(response.text) }
    return texts
  }

  @Test func `a call that does not wait fails with the reason why there is no connection`()
    async throws
  {
    let port = freePort
    try await withClient(try Names([port]), hasty()) { client in
      let unary = await status { let _: Bytes = try await client.unary(method("Who"), Bytes("")) }
      #expect(unary?.code == .unavailable)
      #expect(unary?.message.contains("cannot connect to 127.0.0.1:\(port)") == true)
      let stream = await status {
        _ = try await texts(client.serverStreaming(method("Repeat"), Bytes("")))
      }
      #expect(stream?.code == .unavailable)
      let sending = await status {
        let _: Bytes = try await client.clientStreaming(method("Join")) {
          (requests: RequestWriter<Bytes>) in
          while true { try await requests.write(Bytes([UInt8](repeating: 0, count: 1_000))) }
        }
      }
      #expect(sending?.code == .unavailable)
    }
  }

  @Test func `a name that cannot be resolved is the reason too`() async throws {
    let client = try GRPCClient(
      target: "dns:///host.invalid:1",
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    let error = await status { let _: Bytes = try await client.unary(method("Who"), Bytes("")) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("host.invalid") == true)
    await client.close()
  }

  @Test func `a call does not wait beyond its deadline or its task`() async throws {
    try await withClient(try Names([freePort]), hasty()) { client in
      let late = await status {
        let _: Bytes = try await client.unary(
          method("Who"),
          Bytes(""),
          options: CallOptions(timeout: .milliseconds(50), waitForReady: true)
        )
      }
      #expect(late?.code == .deadlineExceeded)
      let caller = Task { await status { _ = try await who(client) } }
      try await Task.sleep(for: .milliseconds(20))
      caller.cancel()
      #expect(await caller.value?.code == .cancelled)
    }
  }

  @Test func `closing a client ends the calls that wait`() async throws {
    let client = try GRPCClient(
      authority: "test",
      resolver: try Names([freePort]),
      security: .plaintext,
      configuration: hasty(),
      group: MultiThreadedEventLoopGroup.singleton
    )
    async let waiting = status { _ = try await who(client) }
    async let stream = status {
      _ = try await texts(
        client.serverStreaming(
          method("Repeat"),
          Bytes("3"),
          options: CallOptions(waitForReady: true)
        )
      )
    }
    while client.connectivity != .transientFailure {
      try await Task.sleep(for: .milliseconds(5))
    }
    await client.close()
    #expect(await waiting?.code == .cancelled)
    #expect(await stream?.code == .cancelled)
    #expect(client.connectivity == .shutdown)
    let after = await status { let _: Bytes = try await client.unary(method("Who"), Bytes("")) }
    #expect(after?.code == .unavailable)
  }

  @Test func `a client by text reaches all addresses in it`() async throws {
    let (a, b) = (try await startServer("a"), try await startServer("b"))
    let client = try GRPCClient(
      target: "ipv4:127.0.0.1:\(a.port),127.0.0.1:\(b.port)",
      security: .plaintext,
      configuration: hasty(.roundRobin),
      group: MultiThreadedEventLoopGroup.singleton
    )
    try await expect(["a", "b"], client)
    await client.close()
    await a.server.shutdown(grace: .zero)
    await b.server.shutdown(grace: .zero)
  }

  @Test func `servers that restart in turns lose no call, of whatever kind`() async throws {
    let ports = [freePort, freePort]
    var servers = [
      try await startServer("a", port: ports[0]), try await startServer("b", port: ports[1]),
    ]
    try await withClient(try Names(ports), hasty(.roundRobin)) { client in
      let isDone = Signal()
      let callers = (0..<6).map { number in
        Task {
          while isDone.value == 0 { try await call(client, kind: number % 3) }
        }
      }
      for index in [0, 1, 0, 1] {
        try await Task.sleep(for: .milliseconds(50))
        await servers[index].server.shutdown(grace: .seconds(10))
        servers[index] = try await startServer("again", port: ports[index])
      }
      isDone.send()
      for caller in callers { try await caller.value }
    }
    for (server, _) in servers { await server.shutdown(grace: .zero) }
  }

  private func call(_ client: GRPCClient, kind: Int) async throws {
    let options = CallOptions(waitForReady: true)
    switch kind {
    case 0:
      _ = try await who(client)
    case 1:
      let stream: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes("3"),
        options: options
      )
      #expect(try await texts(stream).count == 3)
    default:
      let joined: Bytes = try await client.clientStreaming(method("Join"), options: options) {
        (requests: RequestWriter<Bytes>) in
        for text in ["a", "b", "c"] { try await requests.write(Bytes(text)) }
      }
      #expect(joined.text == "a,b,c")
    }
  }
}
