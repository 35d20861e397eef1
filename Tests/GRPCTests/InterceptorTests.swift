import GRPC
import Synchronization
import Testing

/// Lets in who has a name, and hands the name on.
struct Guard: Interceptor {
  func intercept(
    _ context: ServerContext,
    _ proceed: (String) async throws -> Void
  ) async throws {
    guard let name = context.metadata["x-name"] else {
      throw RPCError(.unauthenticated, "who are you")
    }
    try await proceed(name)
  }
}

/// Writes down what it sees.
final class Diary: Interceptor {
  let name: String
  let lines: Lines

  init(_ name: String, _ lines: Lines) {
    self.name = name
    self.lines = lines
  }

  final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  func intercept(
    _ context: ServerContext,
    _ proceed: (ServerContext) async throws -> Void
  ) async throws {
    lines.add("\(name) in")
    do {
      try await proceed(context)
      lines.add("\(name) out")
    } catch {
      lines.add("\(name) \(RPCError(answering: error).code)")
      throw error
    }
  }
}

@Suite struct InterceptorTests {
  private let hello = MethodHandler.unary(
    method("Hello"),
    through: Guard(),
    { (_: Bytes, name: String) in Bytes("hello \(name)") }
  )

  @Test func `a handler gets what its interceptor made of the call`() async throws {
    try await withServer([hello]) { client, _, _ in
      var options = CallOptions()
      options.metadata.add("Lan", for: "x-name")
      let answer: Bytes = try await client.unary(method("Hello"), Bytes(""), options: options)
      #expect(answer == Bytes("hello Lan"))
    }
  }

  @Test func `interceptors of a server stand around those of a handler in order`() async throws {
    let lines = Diary.Lines()
    try await withServer(
      [hello],
      configure: { $0.interceptors = [Diary("outer", lines), Diary("inner", lines)] },
      { client, _, _ in
        let error = await status {
          let _: Bytes = try await client.unary(method("Hello"), Bytes(""))
        }
        #expect(error?.code == .unauthenticated)
      }
    )
    #expect(
      lines.all == ["outer in", "inner in", "inner UNAUTHENTICATED", "outer UNAUTHENTICATED"]
    )
  }

  @Test func `a pair runs the outer around the inner`() async throws {
    let lines = Diary.Lines()
    let pair = Diary("a", lines).around(Diary("b", lines)).around(Guard())
    var name: String?
    var metadata = Metadata()
    metadata.add("Lan", for: "x-name")
    try await pair.intercept(ServerContext(method: method("Hello"), metadata: metadata)) {
      name = $0
    }
    #expect(name == "Lan")
    #expect(lines.all == ["a in", "b in", "b out", "a out"])
  }

  @Test func `a call without a deadline gets its method's default`() async throws {
    let wait = MethodHandler.unary(method("Wait")) { (request: Bytes, context) in
      #expect(context.deadline == Deadline.current)
      try await Task.sleep(for: .seconds(60))
      return request
    }
    try await withServer(
      [wait],
      configure: { $0.defaultTimeout = { $0.method == "Wait" ? .milliseconds(50) : nil } },
      { client, _, _ in
        let error = await status {
          let _: Bytes = try await client.unary(method("Wait"), Bytes(""))
        }
        #expect(error?.code == .deadlineExceeded)
      }
    )
  }
}
