import API
import Foundation
import ServiceKit

/// `hocba-signing`: intents, signatures, documents, verification.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("signing", settings: SigningSettings.all) { kit, settings in
        let trust = try TrustSettings.trustStore(settings)
        let source = PayloadSource(
          client: try SigningSettings.records.client(settings, logger: kit.logger)
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
