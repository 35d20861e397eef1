package import Crypto

/// Why a signature cannot be prepared or completed.
package enum XAdESError: Error, Equatable, Sendable {
  /// The bytes are not a document, a payload or a state of ours; the text says what was expected.
  case malformed(String)
  /// A signature that is already there does not hold.
  case broken(Reason)
  /// The policy expects another role next, or none.
  case wrongStep(expected: SignerRole?)
  /// The document names another policy than the one given.
  case otherPolicy(String)
  /// The certificate's key cannot sign by this algorithm.
  case wrongAlgorithm
  /// The signature value is not the certificate's over what was prepared.
  case wrongValue
}
