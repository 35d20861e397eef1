import API
import Foundation
import GRPC
import NIOPosix
import ServiceKit

/// `hocba-signing`: intents, signatures, documents, verification.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("signing", settings: SigningSettings.all) { kit, settings in
        let trust = try TrustSettings.trustStore(settings)
        let records = settings[SigningSettings.recordsAddress]
        let source = PayloadSource(
          client: GRPCClient(
            host: records.host,
            port: records.port,
            security: .plaintext,
            group: MultiThreadedEventLoopGroup.singleton
          )
        )
        let signatures = SignatureService(
          kit: kit,
          source: source,
          trust: trust,
          intentLifetime: settings[SigningSettings.intentLifetime]
        )
        return signatures.handlers(kit) + DocumentService(kit: kit).handlers(kit)
          + VerificationService(kit: kit, trust: trust).handlers(kit)
      }
    )
  }
}
