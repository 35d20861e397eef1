/// An enumeration of a `.proto`: open, so that a value newer than this program survives.
package protocol ProtobufEnum: RawRepresentable, Hashable, Sendable where RawValue == Int32 {
  /// Names of the known values, as in the `.proto`.
  static var names: [Int32: String] { get }

  /// Creates any value, known or not.
  init(rawValue: Int32)
}

extension ProtobufEnum {
  /// Creates the default, zero.
  package init() {
    self.init(rawValue: 0)
  }

  /// Finds a value by its name in the `.proto`; `nil` if there is none.
  package init?(name: String) {
    guard let value = Self.names.first(where: { $0.value == name })?.key else { return nil }
    self.init(rawValue: value)
  }

  /// The value's name in the `.proto`; `nil` for a value that this program does not know.
  package var name: String? { Self.names[rawValue] }
}
