import NIOCore
import NIOPosix
import Testing

@testable import GRPC

@Suite("Names")
struct TargetTests {
  @Test(arguments: [
    ("localhost:50", "localhost", 50, "localhost:50"),
    ("dns:localhost:50", "localhost", 50, "localhost:50"),
    ("dns:///records.example:50", "records.example", 50, "records.example:50"),
    ("dns:///records.example", "records.example", 443, "records.example"),
    ("127.0.0.1:50", "127.0.0.1", 50, "127.0.0.1:50"),
    ("[::1]:50", "::1", 50, "[::1]:50"),
    ("::1", "::1", 443, "::1"),
  ])
  func `of hosts are asked for by DNS`(
    text: String,
    host: String,
    port: Int,
    authority: String
  ) throws {
    let target = try Target(text)
    let resolver = try #require(target.resolver as? DNSResolver)
    #expect(resolver.host == host)
    #expect(resolver.port == port)
    #expect(target.authority == authority)
    #expect(target.host == host)
  }

  @Test func `with addresses are those addresses`() async throws {
    let four = try Target("ipv4:1.2.3.4:50,5.6.7.8")
    #expect(
      try await four.resolver.addresses() == [
        try SocketAddress(ipAddress: "1.2.3.4", port: 50),
        try SocketAddress(ipAddress: "5.6.7.8", port: 443),
      ]
    )
    #expect(four.authority == "1.2.3.4:50")
    let six = try Target("ipv6:[::1]:50,[fe80::2]:60")
    #expect(try await six.resolver.addresses().map(\.port) == [50, 60])
    let socket = try Target("unix:///run/grpc.sock")
    #expect(try await socket.resolver.addresses().map(\.pathname) == ["/run/grpc.sock"])
    #expect(socket.authority == "localhost")
  }

  @Test(arguments: [
    "", "dns:", "dns:///", "dns://1.1.1.1/host", ":50", "host:", "host:x", "host:70000", "host:-1",
    "[::1", "[::1]50", "ho st:50", "ipv4:", "ipv4:1.2.3.4,", "ipv4:host:50", "ipv4:[::1]:50",
    "ipv6:1.2.3.4:50", "unix:", "a/b:50",
  ])
  func `that make no sense are refused`(text: String) {
    #expect(throws: TargetError.self) { try Target(text) }
  }

  @Test func `are resolved by the system`() async throws {
    let addresses = try await DNSResolver(host: "localhost", port: 50).addresses()
    #expect(!addresses.isEmpty)
    #expect(addresses.allSatisfy { $0.port == 50 })
    await #expect(throws: DNSResolver.Failure.self) {
      try await DNSResolver(host: "host.invalid", port: 50).addresses()
    }
  }

  @Test func `have their families in turns`() throws {
    func address(_ text: String) throws -> SocketAddress {
      try SocketAddress(ipAddress: text, port: 1)
    }
    let list = try ["::1", "::2", "::3", "1.1.1.1", "2.2.2.2"].map(address)
    let mixed = try ["::1", "1.1.1.1", "::2", "2.2.2.2", "::3"].map(address)
    #expect(DNSResolver.interleaved(list) == mixed)
    #expect(DNSResolver.interleaved([]) == [])
  }
}
