/// A value that is made from a row, column by column in the order of the SELECT list.
package protocol RowDecodable: Sendable {
  /// Reads the row's columns, all of them.
  init(row: inout Row) throws(StoreError)
}

/// A value that is made from one column.
package protocol ColumnDecodable: Sendable {
  /// Reads the column.
  init(column: Column) throws(StoreError)
}

extension RowDecodable where Self: ColumnDecodable {
  package init(row: inout Row) throws(StoreError) { self = try row.next() }
}

extension ColumnDecodable where Self: RawRepresentable, RawValue: ColumnDecodable {
  package init(column: Column) throws(StoreError) {
    guard let value = Self(rawValue: try RawValue(column: column)) else {
      throw column.error("is not \(Self.self)")
    }
    self = value
  }
}

/// A row that is being read from left to right.
package struct Row {
  private let result: ResultSet
  private let index: Int
  private var column = 0

  init(_ index: Int, of result: ResultSet) {
    self.result = result
    self.index = index
  }

  /// The next column's value.
  package mutating func next<T: ColumnDecodable>() throws(StoreError) -> T {
    guard column < result.columnCount else {
      throw .decode(column: "\(column + 1)", reason: "is not in the result")
    }
    defer { column += 1 }
    return try T(column: Column(result: result, row: index, index: column))
  }

  /// Refuses a row with columns that nobody has read: statement and row type do not fit.
  fileprivate func finish() throws(StoreError) {
    guard column == result.columnCount else {
      throw .decode(column: result.name(ofColumn: column), reason: "was not read")
    }
  }
}

/// One column of a row.
package struct Column {
  fileprivate let result: ResultSet
  fileprivate let row: Int
  fileprivate let index: Int

  /// Whether there is no value.
  package var isNull: Bool { result.isNull(row: row, column: index) }

  /// The text form, `nil` for NULL.
  package func text() throws(StoreError) -> String? {
    guard !isNull else { return nil }
    guard let text = result.text(row: row, column: index) else { throw error("is not UTF-8") }
    return text
  }

  /// The bytes of a `bytea`, `nil` for NULL.
  package func bytes() -> [UInt8]? { isNull ? nil : result.bytes(row: row, column: index) }

  /// An error that names this column.
  package func error(_ reason: String) -> StoreError {
    .decode(column: result.name(ofColumn: index), reason: reason)
  }
}

extension ResultSet {
  /// All rows as values.
  func decoded<R: RowDecodable>() throws(StoreError) -> [R] {
    var values: [R] = []
    values.reserveCapacity(rowCount)
    for index in 0..<rowCount { values.append(try decoded(index)) }
    return values
  }

  /// The first row as a value, `nil` when there is none.
  func first<R: RowDecodable>() throws(StoreError) -> R? {
    rowCount == 0 ? nil : try decoded(0)
  }

  private func decoded<R: RowDecodable>(_ index: Int) throws(StoreError) -> R {
    var row = Row(index, of: self)
    let value = try R(row: &row)
    try row.finish()
    return value
  }
}
