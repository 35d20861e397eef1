import API
import Crypto
import Foundation
import Protobuf
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
    let roots = try text(of: trustFile)
    let lists = try revocationFile.map(text(of:)) ?? ""
    do {
      _ = try TrustStore(roots: roots)
    } catch {
      throw Failure(
        words(
          "\(trustFile) không phải là chứng thư số gốc, dạng PEM.",
          "\(trustFile) has no root certificate in PEM."
        )
      )
    }
    do {
      trust = try TrustStore(roots: roots, crls: lists)
    } catch {
      throw Failure(Self.unusable(revocationFile ?? ""))
    }
    // A file without a list would pass for one that revokes nothing.
    if let revocationFile, !lists.contains("-----BEGIN X509 CRL-----") {
      throw Failure(Self.unusable(revocationFile))
    }
  }

  private static func unusable(_ revocationFile: String) -> String {
    words(
      "\(revocationFile) không phải là danh sách thu hồi của tổ chức tin cậy, dạng PEM.",
      "\(revocationFile) is no revocation list of a trusted authority in PEM."
    )
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

  /// The verdict as it is printed; `register` is the place in the register of issued documents,
  /// `nil` where nobody was asked.
  static func json(
    _ path: String,
    _ report: XAdES.Report,
    _ register: SigningV1.RegisterState? = nil
  ) -> JSON {
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
    var members: [JSON.Member] = [
      .init("file", .string(path)), .init("verdict", .string(report.verdict.rawValue)),
      .init("policy", .text(report.policyID ?? "")), .init("signatures", .array(signatures)),
      .init("reasons", json(report.reasons)),
    ]
    if let register {
      let label = register.name.map { String($0.dropFirst("REGISTER_STATE_".count)) }
      members.append(.init("register", .string(label ?? "\(register.rawValue)")))
    }
    return .object(members)
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
    reason.code + ": " + words("\(reason.explanation) (\(reason.text))", reason.text)
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
}
