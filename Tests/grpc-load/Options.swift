import ArgumentParser
import GRPC

/// Where the server is and how it is called.
struct Options: ParsableArguments {
  @Option(help: "Address or name of the server.")
  var host = "127.0.0.1"

  @Option(help: "Port of the server.")
  var port: Int

  @Option(name: .customLong("tls-ca"), help: "Speak TLS, and believe the roots of this file alone.")
  var tlsCA: String?

  @Option(name: .customLong("tls-name"), help: "The name that the server's certificate bears.")
  var tlsName: String?

  @Option(help: "How many calls to make; with --download, how many messages to be sent.")
  var calls = 100_000

  @Option(help: "Goes on for so many seconds instead, whatever --calls says.")
  var seconds: Int?

  @Option(help: "Connections.")
  var connections = 1

  @Option(name: .customLong("in-flight"), help: "Calls at a time, on all connections together.")
  var inFlight = 1

  @Option(help: "Bytes of a payload.")
  var payload = 100

  @Flag(help: "Has the server stream messages of that size, one stream a call at a time.")
  var download = false

  @Option(help: "Seconds to keep the connections open after the last call.")
  var hold = 0

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard (1...65_535).contains(port) else { throw ValidationError("--port is from 1 to 65535") }
    guard calls > 0, connections > 0, inFlight > 0, seconds ?? 1 > 0 else {
      throw ValidationError("--calls, --connections, --in-flight and --seconds are positive")
    }
    guard (0...4_000_000).contains(payload) else {
      throw ValidationError("--payload is from 0 to 4000000")
    }
    guard hold >= 0 else { throw ValidationError("--hold is not negative") }
  }

  var security: ClientSecurity {
    guard let tlsCA else { return .plaintext }
    var tls = ClientTLS(trustRoots: .pem(.file(tlsCA)))
    if let tlsName { tls.serverName = tlsName }
    return .tls(tls)
  }
}
