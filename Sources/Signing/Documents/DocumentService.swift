import API
import Foundation
import GRPC
import ServiceKit

/// Signed documents, as they were signed: `hocba.signing.v1.DocumentService`.
struct DocumentService: SigningV1.DocumentServiceProvider {
  let kit: Kit

  /// `rpc GetDocument`.
  func getDocument(
    _ request: SigningV1.GetDocumentRequest,
    _ call: Call
  ) async throws -> SigningV1.Document {
    let parts = try call.parts(of: request.name, ["schools", "documents"], field: "name")
    let staffCode = try call.caller.staffCode
    guard ResourceID.isValid(parts[0]), ResourceID.isValid(parts[1]) else {
      throw Problem.notAllowed
    }
    let place = try await kit.database.documentPlace(parts[1], school: parts[0])
    let relations: Set<Relation> =
      place.map { $0.relations(of: staffCode) } ?? []
    let grant = try await call.authorize(on: parts[0], relations: relations)
    return try await call.read(grant) { transaction in
      guard let row = try await transaction.documentRow(parts[1]) else { throw Problem.notAllowed }
      let content = try await transaction.file(of: row.id, step: row.steps)
      return row.wire(content: content ?? [])
    }
  }

  /// `rpc StreamDocuments`.
  func streamDocuments(
    _ request: SigningV1.StreamDocumentsRequest,
    _ call: Call,
    _ responses: ResponseWriter<SigningV1.Document>
  ) async throws {
    let pattern = ResourceName.parts(of: request.parent, ["schools", "classes"])
    let parts = try pattern ?? call.parts(of: request.parent, ["schools"], field: "parent")
    let schoolClass = parts.count > 1 ? parts[1] : nil
    guard parts.allSatisfy(ResourceID.isValid) else { throw Problem.notAllowed }
    var relations: Set<Relation> = []
    if let schoolClass {
      let place = try await kit.database.classPlace(schoolClass, school: parts[0])
      relations = try place?.relations(of: call.caller.staffCode) ?? []
    }
    let grant = try await call.authorize(on: parts[0], relations: relations)
    guard !request.schoolYear.isEmpty else {
      throw Problem.invalid("school_year", "phải là một năm học, như 2022-2023")
    }
    let kind: Source.Kind? =
      switch request.kind {
      case .markSheet: .markSheet
      case .transcript: .transcript
      case .unspecified: nil
      default: throw Problem.invalid("kind", "phải là một loại văn bản")
      }
    let rows = try await call.read(grant) { transaction in
      try await transaction.documentRows(
        schoolClass: schoolClass,
        kind: kind,
        schoolYear: request.schoolYear
      )
    }
    // One file at a time: memory stays bounded by the largest, however many there are.
    for row in rows {
      let content = try await call.read(grant) { transaction in
        try await transaction.file(of: row.id, step: row.steps)
      }
      try await responses.write(row.wire(content: content ?? []))
    }
  }

  /// `rpc ListSigningPolicies`.
  func listSigningPolicies(
    _ request: SigningV1.ListSigningPoliciesRequest,
    _ call: Call
  ) async throws -> SigningV1.ListSigningPoliciesResponse {
    _ = try call.authorizeAnywhere()
    let rows = try await kit.database.policies()
    return .init(policies: rows.map(\.wire))
  }
}

extension PolicyRow {
  fileprivate var wire: SigningV1.SigningPolicy {
    SigningV1.SigningPolicy(
      name: "signingPolicies/" + id.replacing("/", with: "-"),
      policyID: id,
      kind: Source.Kind(rawValue: kind)?.wire ?? .unspecified,
      roles: roles,
      validFrom: validFrom,
      validTo: validTo
    )
  }
}
