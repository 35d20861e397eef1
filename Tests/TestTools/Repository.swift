package import Foundation

/// The folder that all of this stands in.
package enum Repository {
  package static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The sample district: a folder a school, and what the circulars make of it.
  package static let district = root.appending(path: "deploy/demo/district")
}
