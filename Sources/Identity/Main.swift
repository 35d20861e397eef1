import API
import Foundation
import ServiceKit

/// `hocba-identity`: organisations, people, roles, sessions, certificates.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("identity", settings: IdentitySettings.all) { kit, settings in
        try await Administrator.ensure(in: kit, settings)
        let keys = TokenKeys(kit: kit, settings: settings)
        let passwords = try await PasswordGate(kit.database)
        let organizations = try OrganizationService(kit: kit, pages: PageTokens())
        let people = try PersonService(kit: kit, pages: PageTokens(), passwords: passwords)
        let sessions = SessionService(kit: kit, keys: keys, passwords: passwords)
        let certificates = CertificateService(
          kit: kit,
          trust: try TrustSettings.trustStore(settings)
        )
        return organizations.handlers(kit) + people.handlers(kit)
          + RoleService(kit: kit).handlers(kit) + sessions.handlers(kit)
          + certificates.handlers(kit)
      }
    )
  }
}
