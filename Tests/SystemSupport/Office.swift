package import API
package import Foundation
package import GRPC
import NIOPosix
import TestTools

/// The services of a running installation, as one signed-in person calls them.
package struct Office: Sendable {
  /// The four services.
  package let identity, records, signing, reporting: GRPCClient
  /// The metadata with the access token.
  package let options: CallOptions

  /// Signs in at an installation.
  ///
  /// A service may send `windowBytes` ahead of its reader.
  package init(
    _ installation: Installation,
    login: String,
    password: String,
    windowBytes: Int = 65_535
  ) async throws {
    var configuration = ClientConfiguration()
    configuration.streamWindowBytes = windowBytes
    let limits = configuration
    let security = ClientSecurity.tls(
      ClientTLS(trustRoots: .pem(.file(installation.path("tls/ca.crt"))))
    )
    let clients = (0..<4).map { offset in
      GRPCClient(
        host: "127.0.0.1",
        port: installation.firstPort + offset,
        security: security,
        configuration: limits,
        group: MultiThreadedEventLoopGroup.singleton
      )
    }
    identity = clients[0]
    records = clients[1]
    signing = clients[2]
    reporting = clients[3]
    let session = try await IdentityV1.SessionServiceClient(identity)
      .signIn(.init(login: login, password: password))
    var metadata = Metadata()
    metadata.add("Bearer \(session.accessToken)", for: "authorization")
    options = CallOptions(metadata: metadata)
  }

  /// Closes the connections.
  package func close() async {
    for client in [identity, records, signing, reporting] { await client.close() }
  }

  /// An id for one write.
  package static func requestID() -> String { UUID().uuidString.lowercased() }

  /// Makes an organisation below another, and returns its resource name.
  package func makeOrganization(
    _ code: String,
    _ kind: IdentityV1.OrganizationKind,
    below parent: String,
    levels: [IdentityV1.SchoolLevel] = []
  ) async throws -> String {
    let organization = IdentityV1.Organization(
      code: code,
      displayName: "Đơn vị \(code)",
      kind: kind,
      parent: parent,
      validFrom: "2020-01-01",
      levels: levels
    )
    return try await IdentityV1.OrganizationServiceClient(identity).createOrganization(
      .init(organization: organization, requestID: Self.requestID()),
      options: options
    ).name
  }

  /// Makes an account with one role.
  package func makePerson(
    login: String,
    password: String,
    _ role: IdentityV1.RoleKind,
    of organization: String
  ) async throws {
    _ = try await IdentityV1.PersonServiceClient(identity).createPerson(
      .init(
        person: .init(login: login, displayName: "Người thử"),
        role: .init(kind: role, organization: organization),
        password: password,
        requestID: Self.requestID()
      ),
      options: options
    )
  }

  /// The resource name of the one organisation of a code.
  package func organization(_ code: String) async throws -> String {
    let answer = try await IdentityV1.OrganizationServiceClient(identity)
      .listOrganizations(.init(code: code), options: options)
    guard let found = answer.organizations.first else { throw TestFailure("there is no \(code)") }
    return found.name
  }

  /// Brings in one workbook, without a second try.
  package func bringIn(
    _ file: URL,
    to school: String
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    let bytes = [UInt8](try Data(contentsOf: file))
    let header = RecordsV1.ImportHeader(
      parent: school.replacing("organizations/", with: "schools/"),
      fileName: file.lastPathComponent,
      requestID: Self.requestID()
    )
    return try await RecordsV1.ImportServiceClient(records).importWorkbook(options: options) {
      try await $0.write(.init(part: .header(header)))
      for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
        let chunk = Array(bytes[start..<min(start + 1 << 20, bytes.count)])
        try await $0.write(.init(part: .chunk(chunk)))
      }
    }
  }
}
