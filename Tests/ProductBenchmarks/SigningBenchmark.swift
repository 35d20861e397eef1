import API
import Crypto
import Foundation
import GRPC
import SystemSupport
import XAdES
import TestTools

/// Signatures of a class teacher on the transcripts of a class, against the bare signing rate of
/// the key (ECDSA on P-256).
struct SigningBenchmark {
  let installation: Installation
  private static let year = "2022-2023"

  func figures() async throws -> [Figure] {
    let office = try await installation.newOfficer()
    let school = try await office.organization("74725501")
    let records = school.replacing("organizations/", with: "schools/")
    let classes = try await RecordsV1.RosterServiceClient(office.records)
      .listClasses(.init(parent: records, schoolYear: Self.year), options: office.options).classes
    guard let first = classes.first else { throw TestFailure("there is no 6A1") }
    var transcripts: [RecordsV1.Transcript] = []
    let stream = RecordsV1.TranscriptServiceClient(office.records)
      .streamTranscripts(.init(parent: first.name), options: office.options)
    for try await transcript in stream { transcripts.append(transcript) }
    await office.close()

    let key = try PrivateKey(pem: text("pki/\(first.classTeacher).key"))
    let certificate = try Certificate(pem: text("pki/\(first.classTeacher).crt"))
    let message = [UInt8](repeating: 0x78, count: 1_000)
    let bare = try await median(rounds: 5) {
      for _ in 0..<3_000 { _ = try key.sign(message) }
      return 3_000
    }
    let inProcess = try await median(rounds: 5) {
      for transcript in transcripts {
        try sign(transcript.payload, key, certificate)
      }
      return transcripts.count
    }
    let service = try await throughService(transcripts, first.classTeacher, school, key)
    let unit = "signatures"
    return [
      Figure("XAdES in process", inProcess, unit, against: "the key alone", bare),
      Figure("signing service, a class", service, unit, against: "the key alone", bare),
    ]
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: installation.path(name), encoding: .utf8)
  }

  private func sign(
    _ payload: [UInt8],
    _ key: PrivateKey,
    _ certificate: Certificate
  ) throws {
    guard let policy = SigningPolicy(id: "bench/1", steps: [.classTeacher]) else { return }
    let prepared = try XAdES.prepare(
      .payload(payload),
      signer: certificate,
      role: .classTeacher,
      policy: policy,
      at: Int64(Date.now.timeIntervalSince1970)
    )
    _ = try XAdES.complete(prepared, value: key.sign(prepared.signedInfo))
  }

  /// Prepare, sign here, complete: a class at a time, as its teacher does.
  private func throughService(
    _ transcripts: [RecordsV1.Transcript],
    _ staffCode: String,
    _ school: String,
    _ key: PrivateKey
  ) async throws -> Double {
    let (teacher, certificate) = try await installation.signIn(staffCode, of: school)
    let signing = SigningV1.SignatureServiceClient(teacher.signing)
    let parent = school.replacing("organizations/", with: "schools/")
    let rate = try await median(rounds: 5, before: removeSignatures) {
      let prepared = try await signing.prepareSignatures(
        .init(
          parent: parent,
          capacity: .classTeacher,
          sources: transcripts.map(\.name),
          certificate: certificate,
          requestID: Office.requestID()
        ),
        options: teacher.options
      )
      let values = try prepared.intents.map { intent in
        SigningV1.CompletedSignature(intent: intent.name, value: try key.sign(intent.signedInfo))
      }
      return try await signing.completeSignatures(
        .init(parent: parent, signatures: values, requestID: Office.requestID()),
        options: teacher.options
      ).documents.count
    }
    await teacher.close()
    return rate
  }

  /// Takes the signatures of transcripts away, which only a superuser can: the tables refuse it.
  private func removeSignatures() async throws {
    _ = try await installation.value(
      """
      SET session_replication_role = replica;
      DELETE FROM signing.intent WHERE document_id IN
        (SELECT id FROM signing.document WHERE kind = 'TRANSCRIPT');
      DELETE FROM signing.signed_file WHERE document_id IN
        (SELECT id FROM signing.document WHERE kind = 'TRANSCRIPT');
      DELETE FROM signing.document WHERE kind = 'TRANSCRIPT'
      """
    )
  }
}

extension Installation {
  /// Signs a member of a school's staff in, whose certificate the demo has registered.
  ///
  /// - Returns: The person's access, and the resource name of the certificate.
  fileprivate func signIn(
    _ staffCode: String,
    of school: String
  ) async throws -> (Office, certificate: String) {
    let admin = try await administrator()
    let people = IdentityV1.PersonServiceClient(admin.identity)
    let staff =
      try await people
      .listPeople(.init(parent: school, pageSize: 1_000), options: admin.options).people
    guard let person = staff.first(where: { $0.staffCode == staffCode }) else {
      throw TestFailure("there is no \(staffCode)")
    }
    let password = UUID().uuidString
    _ = try await people.setPassword(
      .init(name: person.name, newPassword: password, requestID: Office.requestID()),
      options: admin.options
    )
    await admin.close()
    let office = try await Office(self, login: person.login, password: password)
    let certificates = try await IdentityV1.CertificateServiceClient(office.identity)
      .listCertificates(.init(parent: person.name), options: office.options).certificates
    guard let certificate = certificates.first else {
      throw TestFailure("there is no \(staffCode)")
    }
    return (office, certificate.name)
  }
}
