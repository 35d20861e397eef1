/// Why a test cannot be made: what it stands on is missing or broken.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
