import GRPC
import NIOPosix
import ServiceKit

/// Connections to the four services.
struct Services: Sendable {
  let identity: GRPCClient
  let records: GRPCClient
  let signing: GRPCClient
  let reporting: GRPCClient

  init(
    identity: PeerAddress,
    records: PeerAddress,
    signing: PeerAddress,
    reporting: PeerAddress,
    security: ClientSecurity
  ) {
    func client(_ address: PeerAddress) -> GRPCClient {
      GRPCClient(
        host: address.host,
        port: address.port,
        security: security,
        group: MultiThreadedEventLoopGroup.singleton
      )
    }
    self.identity = client(identity)
    self.records = client(records)
    self.signing = client(signing)
    self.reporting = client(reporting)
  }

  func close() async {
    for client in [identity, records, signing, reporting] { await client.close() }
  }
}
