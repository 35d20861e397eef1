package import Crypto

extension XAdES {
  /// What is to be said of a document.
  package struct Report: Sendable {
    /// The canonical *hb:Payload*, which is only as good as the verdict.
    ///
    /// `nil` if the document is not of our form.
    package let payload: [UInt8]?
    /// The policy that the signatures name; `nil` without signatures, or if they disagree.
    package let policyID: String?
    /// In the order of signing.
    package let signatures: [SignatureReport]
    /// Whether all steps of the policy are signed and passed.
    package let isComplete: Bool
    /// `passed` only if the document is complete.
    package let verdict: Verdict
    /// What concerns the document as a whole.
    package let reasons: [Reason]
  }

  /// What is to be said of one signature.
  package struct SignatureReport: Sendable {
    /// The *Id*: `s1`, `s2` and so on.
    package let id: String
    package let role: SignerRole
    /// The subject's common name, empty if the certificate cannot be read.
    package let signer: String
    /// `nil` if it cannot be read, or its key is weak.
    package let certificate: Certificate?
    /// What the signer claims, Unix time.
    package let signingTime: Int64
    package let verdict: Verdict
    /// Why; a signature that passed may have notes.
    package let reasons: [Reason]
  }

  /// How far a signer's clock may be ahead of ours, in seconds.
  package static let clockTolerance: Int64 = 300

  /// Judges a document; any bytes get an answer.
  ///
  /// A certificate is judged at the time that its signature claims, since level B-B has no other;
  /// a revocation since then makes it `indeterminate`. `now` is Unix time; `policies` are those
  /// that a document may name.
  package static func verify(
    _ document: [UInt8],
    trust: TrustStore,
    now: Int64,
    policies: [SigningPolicy]
  ) -> Report {
    let file: SignedDocument
    do {
      file = try SignedDocument(reading: document)
    } catch {
      return Report(
        payload: nil,
        policyID: nil,
        signatures: [],
        isComplete: false,
        verdict: .failed,
        reasons: [Reason("FORMAT_FAILURE", "not \(text(error))")]
      )
    }
    let ids = Set(file.signatures.map(\.policyID))
    let policyID = ids.count == 1 ? ids.first : nil
    let policy = policies.first { $0.id == policyID }
    let signatures = file.signatures.map { signature in
      judge(signature, in: file, policy: policy, trust: trust, now: now)
    }
    let allPassed = signatures.allSatisfy { $0.verdict == .passed }
    let isComplete = allPassed && signatures.count == policy?.steps.count
    var reasons: [Reason] = []
    if signatures.isEmpty {
      reasons.append(Reason("SIGNATURES_MISSING", "nobody has signed"))
    } else if let policy, signatures.count < policy.steps.count {
      let role = policy.steps[signatures.count].rawValue
      reasons.append(Reason("SIGNATURES_MISSING", "the signature of \(role) is missing"))
    }
    let verdict: Verdict =
      if signatures.contains(where: { $0.verdict == .failed }) {
        .failed
      } else {
        isComplete ? .passed : .indeterminate
      }
    return Report(
      payload: file.payload,
      policyID: policyID,
      signatures: signatures,
      isComplete: isComplete,
      verdict: verdict,
      reasons: reasons
    )
  }

  private static func text(_ error: XAdESError) -> String {
    if case .malformed(let expected) = error { expected } else { "a document" }
  }

  private static func judge(
    _ signature: SignatureValues,
    in file: SignedDocument,
    policy: SigningPolicy?,
    trust: TrustStore,
    now: Int64
  ) -> SignatureReport {
    func report(
      _ verdict: Verdict,
      _ reasons: [Reason],
      of certificate: Certificate? = nil
    ) -> SignatureReport {
      SignatureReport(
        id: signature.id,
        role: signature.role,
        signer: certificate?.commonName ?? "",
        certificate: certificate,
        signingTime: signature.signingTime,
        verdict: verdict,
        reasons: reasons
      )
    }
    var certificates: [Certificate] = []
    do {
      for der in signature.certificates { certificates.append(try Certificate(der: der)) }
    } catch CryptoError.unsupported(let what) {
      return report(.indeterminate, [Reason("CRYPTO_CONSTRAINTS_FAILURE", "not accepted: \(what)")])
    } catch {
      return report(.failed, [Reason("FORMAT_FAILURE", "a certificate cannot be read")])
    }
    let signer = certificates.removeFirst()
    guard signer.publicKey.kind.algorithms.contains(signature.algorithm) else {
      return report(
        .failed,
        [Reason("SIG_CRYPTO_FAILURE", "not an algorithm of this key")],
        of: signer
      )
    }
    if let flaw = file.flaw(of: signature, by: signer.publicKey) {
      return report(.failed, [flaw], of: signer)
    }
    var reasons = constraints(signature, policy: policy, now: now)
    let chain = trust.validate(signer, chain: certificates, at: signature.signingTime)
    let verdict = chain.verdict == .passed && !reasons.isEmpty ? .indeterminate : chain.verdict
    reasons += chain.reasons
    return report(verdict, reasons, of: signer)
  }

  /// Where a sound signature departs from its policy.
  private static func constraints(
    _ signature: SignatureValues,
    policy: SigningPolicy?,
    now: Int64
  ) -> [Reason] {
    var reasons: [Reason] = []
    if signature.signingTime > now + clockTolerance {
      reasons.append(Reason("SIG_CONSTRAINTS_FAILURE", "the signing time is in the future"))
    }
    guard let policy, policy.id == signature.policyID, policy.digest == signature.policyDigest
    else {
      reasons.append(
        Reason("SIGNATURE_POLICY_NOT_AVAILABLE", "unknown policy \(signature.policyID)")
      )
      return reasons
    }
    let step = signature.number - 1
    if step >= policy.steps.count || policy.steps[step] != signature.role {
      reasons.append(
        Reason("SIG_CONSTRAINTS_FAILURE", "\(signature.role.rawValue) is not the policy's turn")
      )
    }
    return reasons
  }
}
