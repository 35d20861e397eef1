import Glibc
import NIOCore
import NIOPosix

/// Asks the system for the addresses of a host: its resolver, on a thread where it may block.
struct DNSResolver: NameResolver {
  /// The system could not say.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let host: String
  let port: Int

  func addresses() async throws -> [SocketAddress] {
    try await NIOThreadPool.singleton.runIfActive { try DNSResolver.lookUp(host, port) }
  }

  private static func lookUp(_ host: String, _ port: Int) throws -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      let reason = unsafe String(cString: gai_strerror(code))
      throw Failure(description: "cannot resolve \(host): \(reason)")
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let address = unsafe address(of: entry.pointee, host) { addresses.append(address) }
      unsafe next = entry.pointee.ai_next
    }
    return interleaved(addresses)
  }

  private static func address(of entry: addrinfo, _ host: String) -> SocketAddress? {
    guard let raw = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
    // The family says what the address is, and the system has made room for all of it.
    switch unsafe entry.ai_family {
    case AF_INET: return unsafe SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host)
    case AF_INET6: return unsafe SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
    default: return nil
    }
  }

  /// The families in turns, beginning with the system's choice, so that one that does not work
  /// costs little.
  ///
  /// Source: RFC 8305 section 4.
  static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let first = addresses.first?.protocol else { return [] }
    let (one, other) = (
      addresses.filter { $0.protocol == first }, addresses.filter { $0.protocol != first }
    )
    var mixed: [SocketAddress] = []
    for index in 0..<max(one.count, other.count) {
      if index < one.count { mixed.append(one[index]) }
      if index < other.count { mixed.append(other[index]) }
    }
    return mixed
  }
}
