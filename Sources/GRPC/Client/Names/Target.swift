import NIOCore

/// The text of a target that cannot be understood.
package struct TargetError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with it.
  package let description: String
}

/// What a client connects to, as gRPC writes it.
///
/// `dns:///host:port` or `host:port` (port 443 if none is given), `ipv4:1.2.3.4:50,5.6.7.8:50`,
/// `ipv6:[::1]:50`, `unix:path` and `unix:///path`.
/// Source: grpc/grpc `doc/naming.md`.
struct Target: Sendable {
  /// The host and port that requests are addressed to (`:authority`).
  let authority: String

  /// The name that a server's certificate must be made out to.
  let host: String

  /// Where the servers are.
  let resolver: any NameResolver

  /// The port of a name without one.
  private static let defaultPort = 443

  /// A name with a resolver of its own.
  init(authority: String, resolver: any NameResolver) {
    self.authority = authority
    // A text without a port is a host all the same.
    host = (try? Target.split(authority))?.host ?? authority
    self.resolver = resolver
  }

  /// A host by name or address, and a port.
  init(host: String, port: Int) {
    authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    self.host = host
    resolver = DNSResolver(host: host, port: port)
  }

  /// A target in gRPC's text form.
  ///
  /// - Throws: `TargetError`.
  init(_ text: String) throws(TargetError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count == 2 ? String(parts[1]) : ""
    switch parts.first {
    case "dns": try self.init(dns: rest)
    case "ipv4": try self.init(addresses: rest, family: .inet)
    case "ipv6": try self.init(addresses: rest, family: .inet6)
    case "unix": try self.init(path: rest)
    default: try self.init(name: text, authority: text)
    }
  }

  private init(dns rest: String) throws(TargetError) {
    guard rest.hasPrefix("///") || !rest.hasPrefix("//") else {
      throw TargetError(description: "the name server in dns:\(rest) cannot be chosen here")
    }
    let name = rest.hasPrefix("///") ? String(rest.dropFirst(3)) : rest
    try self.init(name: name, authority: name)
  }

  private init(name: String, authority: String) throws(TargetError) {
    let (host, port) = try Target.split(name)
    self.authority = authority
    self.host = host
    resolver = DNSResolver(host: host, port: port ?? Target.defaultPort)
  }

  private init(addresses text: String, family: NIOBSDSocket.ProtocolFamily) throws(TargetError) {
    var list: [SocketAddress] = []
    var first: (authority: String, host: String)?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (host, port) = try Target.split(String(part))
      guard let address = try? SocketAddress(ipAddress: host, port: port ?? Target.defaultPort),
        address.protocol == family
      else { throw TargetError(description: "not an address: \(part)") }
      list.append(address)
      if first == nil { first = (String(part), host) }
    }
    guard let first else { throw TargetError(description: "no address") }
    authority = first.authority
    host = first.host
    resolver = FixedAddresses(list: list)
  }

  private init(path: String) throws(TargetError) {
    let path = path.hasPrefix("//") ? String(path.dropFirst(2)) : path
    guard !path.isEmpty, let address = try? SocketAddress(unixDomainSocketPath: path) else {
      throw TargetError(description: "not a path of a socket: \(path)")
    }
    authority = "localhost"
    host = "localhost"
    resolver = FixedAddresses(list: [address])
  }

  /// `host`, `host:port`, `[address]`, `[address]:port`, or an IPv6 address alone.
  private static func split(_ text: String) throws(TargetError) -> (host: String, port: Int?) {
    let malformed = TargetError(description: "not a host and port: \(text)")
    var host = Substring(text)
    var rest = Substring()
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw malformed }
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
      host = text[..<colon]
      rest = text[colon...]
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != 0x2f }) else {
      throw malformed
    }
    if rest.isEmpty { return (String(host), nil) }
    guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(rest.dropFirst()), (0...65_535).contains(port)
    else { throw malformed }
    return (String(host), port)
  }
}
