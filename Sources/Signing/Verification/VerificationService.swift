import API
import Crypto
import ServiceKit
import XAdES

/// Public verification, without an account: `hocba.signing.v1.VerificationService`.
struct VerificationService: SigningV1.VerificationServiceProvider {
  let kit: Kit
  let trust: TrustStore

  /// The largest file that is looked at; the largest of ours is some 100 KB.
  static let fileLimit = 4_000_000

  /// `rpc Verify`.
  func verify(
    _ request: SigningV1.VerifyRequest,
    _ call: Call
  ) async throws -> SigningV1.VerifyResponse {
    guard !request.content.isEmpty else { throw SigningError.fileEmpty }
    guard request.content.count <= Self.fileLimit else {
      throw Problem.fileTooLarge(limit: Self.fileLimit)
    }
    let policies = try await kit.database.policies().compactMap(\.policy)
    let now = Int64(kit.clock.seconds)
    let report = await LongWork.run {
      XAdES.verify(request.content, trust: trust, now: now, policies: policies)
    }
    let entry = try await kit.database.registerEntry(
      contentDigest: Hex.encode(SHA256.digest(request.content))
    )
    return SigningV1.VerifyResponse(
      verdict: report.verdict.wire,
      reasons: report.reasons.map(\.wire),
      signatures: report.signatures.map(\.wire),
      registerState: Self.registerState(entry)
    )
  }

  private static func registerState(_ entry: RegisterEntry?) -> SigningV1.RegisterState {
    guard let entry, entry.isIssued else { return .unknown }
    return entry.isSuperseded ? .superseded : .inForce
  }
}

extension Verdict {
  fileprivate var wire: SigningV1.Verdict {
    switch self {
    case .passed: .totalPassed
    case .failed: .totalFailed
    case .indeterminate: .indeterminate
    }
  }
}

extension Reason {
  fileprivate var wire: SigningV1.VerdictReason { .init(code: code, description: explanation) }
}

extension XAdES.SignatureReport {
  fileprivate var wire: SigningV1.SignatureVerdict {
    .init(
      role: role.rawValue,
      signer: signer,
      signingTime: .init(seconds: signingTime, nanos: 0),
      verdict: verdict.wire,
      reasons: reasons.map(\.wire)
    )
  }
}
