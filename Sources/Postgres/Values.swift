/// A value with a text form of its own in PostgreSQL: bound, read, and an element of arrays.
package protocol TextValue: Bindable, ColumnDecodable, RowDecodable, ArrayElement {
  /// The text form that is sent.
  var columnText: String { get }
  /// Reads the text form that the server sends; `nil` when it is of another type.
  init?(columnText: String)
}

extension TextValue {
  package var parameter: Parameter { .text(columnText) }

  package init(column: Column) throws(StoreError) {
    guard let text = try column.text() else { throw column.error("is NULL") }
    guard let value = Self(columnText: text) else { throw column.error("is not \(Self.self)") }
    self = value
  }

  package static func parameter(of elements: [Self]) -> Parameter {
    .text(ArrayLiteral.text(of: elements.lazy.map(\.columnText)))
  }

  package static func elements(of column: Column) throws(StoreError) -> [Self] {
    var values: [Self] = []
    for element in try [Self?].init(column: column) {
      guard let element else { throw column.error("holds a NULL element") }
      values.append(element)
    }
    return values
  }
}

extension TextValue where Self: LosslessStringConvertible {
  package var columnText: String { description }
  package init?(columnText: String) { self.init(columnText) }
}

extension Int: TextValue {}
extension Int32: TextValue {}
extension Int64: TextValue {}
extension String: TextValue {}

extension Bool: TextValue {
  package init?(columnText: String) {
    switch columnText {
    case "t": self = true
    case "f": self = false
    default: return nil
    }
  }
}

/// How an array of this element travels: `bytea` for bytes, an array literal for the rest.
package protocol ArrayElement: Sendable {
  /// The array as it travels.
  static func parameter(of elements: [Self]) -> Parameter
  /// The array that a column holds.
  static func elements(of column: Column) throws(StoreError) -> [Self]
}

extension UInt8: ArrayElement {
  package static func parameter(of elements: [UInt8]) -> Parameter { .binary(elements) }

  package static func elements(of column: Column) throws(StoreError) -> [UInt8] {
    guard let bytes = column.bytes() else { throw column.error("is NULL") }
    return bytes
  }
}

extension Optional: ArrayElement where Wrapped: TextValue {
  package static func parameter(of elements: [Wrapped?]) -> Parameter {
    .text(ArrayLiteral.text(of: elements.lazy.map { $0?.columnText }))
  }

  package static func elements(of column: Column) throws(StoreError) -> [Wrapped?] {
    guard let text = try column.text() else { throw column.error("is NULL") }
    guard let elements = ArrayLiteral.elements(of: text) else {
      throw column.error("is not an array of one dimension")
    }
    var values: [Wrapped?] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      let value = element.map(Wrapped.init(columnText:))
      if case .some(.none) = value { throw column.error("is not an array of \(Wrapped.self)") }
      values.append(value ?? nil)
    }
    return values
  }
}

extension Array: Bindable where Element: ArrayElement {
  package var parameter: Parameter { Element.parameter(of: self) }
}

extension Array: ColumnDecodable where Element: ArrayElement {
  package init(column: Column) throws(StoreError) { self = try Element.elements(of: column) }
}

extension Array: RowDecodable where Element: ArrayElement {}

extension Optional: Bindable where Wrapped: Bindable {
  package var parameter: Parameter { self?.parameter ?? .null }
}

extension Optional: ColumnDecodable where Wrapped: ColumnDecodable {
  package init(column: Column) throws(StoreError) {
    self = column.isNull ? nil : try Wrapped(column: column)
  }
}

extension Optional: RowDecodable where Wrapped: ColumnDecodable {}
