/// A statement with its parameters, written as a string literal.
///
/// Literal parts must be literals in the source (`StaticString`); whatever is interpolated becomes
/// a parameter `$1`, `$2`, …, never text. The text is the key of the prepared statement, so its
/// shape cannot vary: lists go as `= ANY(\(ids))`, optional filters as
/// `(\(x)::text IS NULL OR name = \(x))`. The server infers the types; where it cannot, cast.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  /// What a literal with interpolations is collected in.
  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""
    fileprivate var parameters: [Parameter] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 3 * interpolationCount)
      parameters.reserveCapacity(interpolationCount)
    }

    /// Appends SQL as it stands in the source.
    package mutating func appendLiteral(_ literal: StaticString) {
      text += literal.description
    }

    /// Appends a parameter that may be NULL.
    ///
    /// The compiler takes an optional anywhere else for a mistake.
    package mutating func appendInterpolation(_ value: (some Bindable)?) {
      append(value?.parameter ?? .null)
    }

    /// Appends a parameter.
    package mutating func appendInterpolation(_ value: some Bindable) {
      append(value.parameter)
    }

    private mutating func append(_ parameter: Parameter) {
      parameters.append(parameter)
      text += "$\(parameters.count)"
    }
  }

  let text: String
  let parameters: [Parameter]

  package init(stringLiteral value: StaticString) {
    text = value.description
    parameters = []
  }

  package init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    parameters = stringInterpolation.parameters
  }

  /// One `SELECT set_config(…), …` for all settings, `nil` for none.
  ///
  /// Names are parameters too, so that there is one prepared statement for each number of settings;
  /// `local` ones end with the transaction.
  init?(settings: [(name: String, value: String)], local: Bool) {
    guard !settings.isEmpty else { return nil }
    let calls = settings.indices.map { "set_config($\(2 * $0 + 1), $\(2 * $0 + 2), \(local))" }
    text = "SELECT " + calls.joined(separator: ", ")
    parameters = settings.flatMap { [.text($0.name), .text($0.value)] }
  }

  /// The statements of `Migrator`, whose schema's name is part of the text.
  init(migrationText text: String, _ parameters: [String]) {
    self.text = text
    self.parameters = parameters.map(\.parameter)
  }

  /// Refuses what PostgreSQL cannot hold, before it could disturb a shared connection.
  func validate() throws(StoreError) {
    guard parameters.count <= Self.parameterLimit else { throw .value("too many parameters") }
    var size = 0
    for case .text(let text) in parameters {
      guard !text.utf8.contains(0) else { throw .value("text with an embedded NUL") }
      size += text.utf8.count
    }
    for case .binary(let bytes) in parameters { size += bytes.count }
    guard size <= Self.sizeLimit else { throw .value("parameters of \(size) bytes") }
  }

  /// The count is an unsigned 16-bit number in the Bind message.
  private static let parameterLimit = 65_535
  /// Well above any document of ours, well below the gigabyte at which a message fails.
  private static let sizeLimit = 64 << 20
}

/// A parameter as it travels.
package enum Parameter: Sendable, Equatable {
  case null
  /// PostgreSQL's text form of any type.
  case text(String)
  /// The bytes of a `bytea`.
  case binary([UInt8])
}

/// A value that can stand in an interpolation of `SQL`.
package protocol Bindable: Sendable {
  /// The value as it travels.
  var parameter: Parameter { get }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
  package var parameter: Parameter { rawValue.parameter }
}
