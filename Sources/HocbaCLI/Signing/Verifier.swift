import Crypto
import Foundation
import ServiceKit
import XAdES

/// Verifies signed documents without any service.
struct Verifier: Sendable {
  private let trust: TrustStore

  /// The policies that this version knows, as the signing service has them.
  static let policies = [
    SigningPolicy(id: "bang-diem/1", steps: [.subjectTeacher]),
    SigningPolicy(id: "hoc-ba/1", steps: [.classTeacher, .principal, .seal]),
  ].compactMap { $0 }

  /// Trusts the authorities of one PEM file, and heeds their lists of revoked certificates in
  /// another; `nil`: none.
  init(trustFile: String, revocationFile: String?) throws {
    do {
      trust = try TrustStore(
        roots: String(contentsOf: URL(filePath: trustFile), encoding: .utf8),
        crls: revocationFile.map { try String(contentsOf: URL(filePath: $0), encoding: .utf8) }
          ?? ""
      )
    } catch let error as CryptoError {
      throw Failure(
        words("Không dùng được \(trustFile): \(error)", "Cannot use \(trustFile): \(error)")
      )
    }
  }

  /// Judges the bytes of a file; any bytes get an answer.
  func report(on document: [UInt8]) -> XAdES.Report {
    XAdES.verify(
      document,
      trust: trust,
      now: Int64(ServiceClock.system.seconds),
      policies: Self.policies
    )
  }
}

/// A verdict, for people.
enum VerdictText {
  static func lines(_ report: XAdES.Report) -> [String] {
    var lines: [String] = []
    for signature in report.signatures {
      lines.append(
        "  \(mark(signature.verdict)) \(signature.id)  \(role(signature.role.rawValue))  "
          + "\(signature.signer)  \(time(signature.signingTime))  \(signature.verdict.rawValue)"
      )
      lines += signature.reasons.map { "      \(text($0))" }
    }
    return lines + report.reasons.map { "  \(text($0))" }
  }

  static func json(_ path: String, _ report: XAdES.Report) -> JSON {
    func json(_ reasons: [Reason]) -> JSON {
      .array(
        reasons.map {
          .object([.init("code", .string($0.code)), .init("text", .string($0.text))])
        }
      )
    }
    let signatures = report.signatures.map { signature in
      JSON.object([
        .init("id", .string(signature.id)), .init("role", .string(signature.role.rawValue)),
        .init("signer", .string(signature.signer)),
        .init("time", .string(time(signature.signingTime))),
        .init("verdict", .string(signature.verdict.rawValue)),
        .init("reasons", json(signature.reasons)),
      ])
    }
    return .object([
      .init("file", .string(path)), .init("verdict", .string(report.verdict.rawValue)),
      .init("policy", .text(report.policyID ?? "")), .init("signatures", .array(signatures)),
      .init("reasons", json(report.reasons)),
    ])
  }

  static func mark(_ verdict: Verdict) -> String {
    switch verdict {
    case .passed: "✓"
    case .failed: "✗"
    case .indeterminate: "?"
    }
  }

  /// The code with an explanation.
  static func text(_ reason: Reason) -> String {
    guard Language.current == .vietnamese, let vietnamese = explanations[reason.code] else {
      return "\(reason.code): \(reason.text)"
    }
    return "\(reason.code): \(vietnamese) (\(reason.text))"
  }

  private static func role(_ role: String) -> String {
    let names = [
      "subject-teacher": "giáo viên bộ môn", "class-teacher": "giáo viên chủ nhiệm",
      "principal": "hiệu trưởng", "seal": "con dấu",
    ]
    return words(names[role] ?? role, role)
  }

  private static func time(_ seconds: Int64) -> String {
    ServiceClock.iso(Date(timeIntervalSince1970: TimeInterval(seconds)))
  }

  private static let explanations = [
    "FORMAT_FAILURE": "không đúng dạng văn bản của hệ thống",
    "HASH_FAILURE": "nội dung đã bị thay đổi sau khi kí",
    "SIG_CRYPTO_FAILURE": "chữ kí không khớp với chứng thư số",
    "SIG_CONSTRAINTS_FAILURE": "chữ kí không theo đúng quy trình",
    "SIGNATURE_POLICY_NOT_AVAILABLE": "không rõ quy trình kí",
    "SIGNATURES_MISSING": "còn thiếu chữ kí",
    "NO_CERTIFICATE_CHAIN_FOUND": "chứng thư số không do tổ chức tin cậy cấp",
    "CHAIN_CONSTRAINTS_FAILURE": "chứng thư số không dùng để kí được",
    "CRYPTO_CONSTRAINTS_FAILURE": "thuật toán hoặc khoá không được chấp nhận",
    "OUT_OF_BOUNDS_NO_POE": "chứng thư số không có hiệu lực vào lúc kí",
    "REVOKED": "chứng thư số đã bị thu hồi trước khi kí",
    "REVOKED_NO_POE": "chứng thư số đã bị thu hồi",
    "REVOCATION_NOT_CHECKED": "không có danh sách thu hồi để kiểm tra",
    "TRY_LATER": "danh sách thu hồi đã cũ",
  ]
}
