import API
package import GRPC

/// What a call of a method needs before its request is even read.
package enum MethodRule: Sendable, Equatable {
  /// Nothing: signing in, health, reflection, public verification.
  case open
  /// A valid token, and a role that may do the action somewhere.
  case needs(Action)
}

extension Authorization {
  /// The rule of a method; `nil` for one that is not listed, which is refused.
  package static func rule(of method: MethodDescriptor) -> MethodRule? { rules[method] }

  /// Every RPC of every service.
  ///
  /// A new one that is not entered here is refused to everybody.
  package static let rules: [MethodDescriptor: MethodRule] = standard.merging(identity) { a, _ in a
  }
  .merging(records) { a, _ in a }.merging(signingAndReporting) { a, _ in a }

  /// Of every server: one sees one's own operations only.
  private static let standard: [MethodDescriptor: MethodRule] = {
    let open =
      GRPCHealthV1.HealthMethods.all + GRPCReflectionV1.ServerReflectionMethods.all
      + GRPCReflectionV1alpha.ServerReflectionMethods.all
    let own = GoogleLongrunning.OperationsMethods.all
    return Dictionary(open.map { ($0, .open) } + own.map { ($0, .needs(.useService)) }) { a, _ in a
    }
  }()

  private static let identity: [MethodDescriptor: MethodRule] = [
    IdentityV1.SessionServiceMethods.signIn: .open,
    IdentityV1.SessionServiceMethods.getSession: .needs(.useService),
    IdentityV1.SessionServiceMethods.listTokenKeys: .needs(.useService),
    IdentityV1.OrganizationServiceMethods.getOrganization: .needs(.readOrganizations),
    IdentityV1.OrganizationServiceMethods.listOrganizations: .needs(.readOrganizations),
    IdentityV1.OrganizationServiceMethods.createOrganization: .needs(.manageOrganizations),
    IdentityV1.OrganizationServiceMethods.updateOrganization: .needs(.manageOrganizations),
    IdentityV1.PersonServiceMethods.getPerson: .needs(.readPeople),
    IdentityV1.PersonServiceMethods.listPeople: .needs(.readPeople),
    IdentityV1.PersonServiceMethods.createPerson: .needs(.managePeople),
    IdentityV1.PersonServiceMethods.updatePerson: .needs(.managePeople),
    IdentityV1.PersonServiceMethods.setPassword: .needs(.managePeople),
    IdentityV1.RoleServiceMethods.listRoles: .needs(.readPeople),
    IdentityV1.RoleServiceMethods.grantRole: .needs(.managePeople),
    IdentityV1.RoleServiceMethods.endRole: .needs(.managePeople),
    IdentityV1.CertificateServiceMethods.registerCertificate: .needs(.manageCertificates),
    IdentityV1.CertificateServiceMethods.listCertificates: .needs(.manageCertificates),
    IdentityV1.CertificateServiceMethods.retireCertificate: .needs(.manageCertificates),
  ]

  private static let records: [MethodDescriptor: MethodRule] = [
    RecordsV1.CatalogServiceMethods.listSchoolYears: .needs(.useService),
    RecordsV1.CatalogServiceMethods.listSubjects: .needs(.useService),
    RecordsV1.CatalogServiceMethods.listRollouts: .needs(.useService),
    RecordsV1.CatalogServiceMethods.updateRollout: .needs(.manageRollout),
    RecordsV1.RosterServiceMethods.listStaff: .needs(.readStaff),
    RecordsV1.RosterServiceMethods.listClasses: .needs(.readRoster),
    RecordsV1.RosterServiceMethods.listStudents: .needs(.readRoster),
    RecordsV1.RosterServiceMethods.getStudent: .needs(.readRoster),
    RecordsV1.RosterServiceMethods.listAssignments: .needs(.readRoster),
    RecordsV1.ImportServiceMethods.importWorkbook: .needs(.importWorkbooks),
    RecordsV1.MarkSheetServiceMethods.getMarkSheet: .needs(.readMarks),
    RecordsV1.MarkSheetServiceMethods.listMarkSheets: .needs(.readMarks),
    RecordsV1.MarkSheetServiceMethods.batchGetMarkSheets: .needs(.readMarks),
    RecordsV1.MarkSheetServiceMethods.enterMark: .needs(.enterMarks),
    RecordsV1.ResultServiceMethods.computeResults: .needs(.computeResults),
    RecordsV1.ResultServiceMethods.streamResults: .needs(.readResults),
    RecordsV1.TranscriptServiceMethods.getTranscript: .needs(.readResults),
    RecordsV1.TranscriptServiceMethods.streamTranscripts: .needs(.readResults),
    RecordsV1.TranscriptServiceMethods.batchGetTranscripts: .needs(.readResults),
  ]

  private static let signingAndReporting: [MethodDescriptor: MethodRule] = [
    SigningV1.SignatureServiceMethods.prepareSignatures: .needs(.sign),
    SigningV1.SignatureServiceMethods.completeSignatures: .needs(.sign),
    SigningV1.DocumentServiceMethods.getDocument: .needs(.readDocuments),
    SigningV1.DocumentServiceMethods.streamDocuments: .needs(.readDocuments),
    SigningV1.DocumentServiceMethods.listSigningPolicies: .needs(.useService),
    SigningV1.VerificationServiceMethods.verify: .open,
    ReportingV1.ReportServiceMethods.getProgress: .needs(.readReports),
    ReportingV1.ReportServiceMethods.getDistribution: .needs(.readReports),
  ]
}
