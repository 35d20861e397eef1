import API
import GRPC
import Protobuf
import StandardServices
import Testing

private typealias Text = GoogleProtobuf.StringValue

@Suite struct OperationsTests {
  private let operations = Operations(limit: 2)

  private func withOperations(
    _ body: (GoogleLongrunning.OperationsClient) async throws -> Void
  ) async throws {
    let service = OperationsService<String>(operations) { $0 }
    try await withServer(service.handlers(Named())) { client, _ in
      try await body(GoogleLongrunning.OperationsClient(client))
    }
  }

  private func options(_ name: String, timeout: Duration? = nil) -> CallOptions {
    var options = CallOptions(timeout: timeout)
    options.metadata.add(name, for: "x-name")
    return options
  }

  /// Work that waits for a signal.
  private func start(
    _ signal: AsyncStream<String>,
    owner: String = "lan"
  ) throws -> GoogleLongrunning.Operation {
    try operations.start(owner: owner, metadata: Text(value: "begun")) { report in
      for await text in signal {
        if text == "end" { return Text(value: "done") }
        report(Text(value: text))
      }
      throw RPCError(.dataLoss, "no signal")
    }
  }

  @Test func `work is followed to its end`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    let started = try start(signal)
    #expect(!started.done)
    #expect(try started.metadata?.unpacked() == Text(value: "begun"))
    try await withOperations { client in
      send.yield("half")
      while try await client
        .getOperation(.init(name: started.name), options: options("lan")).metadata?
        .unpacked() != Text(value: "half")
      {}
      send.yield("end")
      let ended = try await client.waitOperation(
        .init(name: started.name),
        options: options("lan")
      )
      guard case .response(let response) = ended.result else {
        Issue.record("\(ended)")
        return
      }
      #expect(ended.done)
      #expect(try response.unpacked() == Text(value: "done"))
    }
  }

  @Test func `what fails keeps its status`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    let started = try start(signal)
    send.finish()
    try await withOperations { client in
      let ended = try await client.waitOperation(
        .init(name: started.name),
        options: options("lan")
      )
      #expect(ended.result == .error(.init(code: 15, message: "no signal")))
    }
  }

  @Test func `waiting ends in time for the answer`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    defer { send.finish() }
    let started = try start(signal)
    try await withOperations { client in
      let short = GoogleProtobuf.Duration(nanos: 1_000_000)
      let byRequest = try await client.waitOperation(
        .init(name: started.name, timeout: short),
        options: options("lan")
      )
      #expect(!byRequest.done)
      let byDeadline = try await client.waitOperation(
        .init(name: started.name),
        options: options("lan", timeout: .seconds(2))
      )
      #expect(!byDeadline.done)
    }
  }

  @Test func `a cancelled operation ends as CANCELLED`() async throws {
    let started = try operations.start(owner: "lan", metadata: Text()) { _ in
      try await Task.sleep(for: .seconds(3600))
      return Text()
    }
    try await withOperations { client in
      _ = try await client.cancelOperation(.init(name: started.name), options: options("lan"))
      let ended = try await client.waitOperation(
        .init(name: started.name),
        options: options("lan")
      )
      guard case .error(let status) = ended.result else {
        Issue.record("\(ended)")
        return
      }
      #expect(status.code == 1)
    }
  }

  @Test func `nobody sees the operations of another`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    defer { send.finish() }
    let started = try start(signal)
    try await withOperations { client in
      let other = options("minh")
      let none = try await client.listOperations(.init(), options: other)
      #expect(none.operations.isEmpty)
      for body in [
        { _ = try await client.getOperation(.init(name: started.name), options: other) },
        { _ = try await client.waitOperation(.init(name: started.name), options: other) },
        { _ = try await client.cancelOperation(.init(name: started.name), options: other) },
        { _ = try await client.deleteOperation(.init(name: started.name), options: other) },
      ] as [() async throws -> Void] {
        let refusal = await code(body)
        #expect(refusal == .notFound)
      }
    }
  }

  @Test func `lists the newest first, in pages, by state`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    defer { send.finish() }
    let first = try operations.start(owner: "lan", metadata: Text()) { _ in Text() }
    let second = try start(signal)
    try await withOperations { client in
      let lan = options("lan")
      _ = try await client.waitOperation(.init(name: first.name), options: lan)
      let page = try await client.listOperations(.init(pageSize: 1), options: lan)
      #expect(page.operations.map(\.name) == [second.name])
      let rest = try await client.listOperations(
        .init(pageSize: 1, pageToken: page.nextPageToken),
        options: lan
      )
      #expect(rest.operations.map(\.name) == [first.name])
      #expect(rest.nextPageToken.isEmpty)
      let done = try await client.listOperations(.init(filter: "done=true"), options: lan)
      #expect(done.operations.map(\.name) == [first.name])
      for bad in [
        GoogleLongrunning.ListOperationsRequest(filter: "name=x"), .init(pageSize: -1),
        .init(pageToken: "operations/0"), .init(name: "schools/1"),
      ] {
        let refusal = await code { _ = try await client.listOperations(bad, options: lan) }
        #expect(refusal == .invalidArgument)
      }
    }
  }

  @Test func `only what is done can be forgotten`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    let started = try start(signal)
    try await withOperations { client in
      let lan = options("lan")
      let early = await code {
        _ = try await client.deleteOperation(.init(name: started.name), options: lan)
      }
      #expect(early == .failedPrecondition)
      send.yield("end")
      _ = try await client.waitOperation(.init(name: started.name), options: lan)
      _ = try await client.deleteOperation(.init(name: started.name), options: lan)
      #expect(try await client.listOperations(.init(), options: lan).operations.isEmpty)
    }
  }

  @Test func `there is a limit, and an end`() async throws {
    let (signal, send) = AsyncStream.makeStream(of: String.self)
    defer { send.finish() }
    _ = try start(signal)
    _ = try start(signal)
    let full = await code { _ = try start(signal) }
    #expect(full == .resourceExhausted)
    operations.shutDown()
    let ended = await code { _ = try start(signal) }
    #expect(ended == .unavailable)
  }
}
