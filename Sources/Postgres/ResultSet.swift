import CLibpq

/// The server's answer to one statement: owner of a `PGresult`.
///
/// `@safe`: the pointer is private, freed once in `deinit`, and only copies leave; libpq checks
/// row and column numbers itself.
// @unchecked Sendable: a PGresult does not change after libpq has handed it out (documentation of
// libpq, 34.20), so that any thread may read it.
@safe final class ResultSet: @unchecked Sendable {
  private let result: OpaquePointer
  let rowCount: Int
  let columnCount: Int

  init(owning result: OpaquePointer) {
    unsafe self.result = result
    rowCount = unsafe Int(PQntuples(result))
    columnCount = unsafe Int(PQnfields(result))
  }

  deinit { unsafe PQclear(result) }

  var status: ExecStatusType { unsafe PQresultStatus(result) }

  /// Rows inserted, changed, deleted, selected or copied.
  var affected: Int { unsafe Int(String(cString: PQcmdTuples(result))) ?? 0 }

  /// The command that ran, such as `COMMIT`.
  var command: String { unsafe String(cString: PQcmdStatus(result)) }

  /// The five characters of an error, empty when libpq itself made it.
  var sqlState: String { field(diagnosticSQLState) ?? "" }

  /// Whether a prepared statement no longer fits its tables, or does not exist.
  ///
  /// "cached plan must not change result type" shares its code with every unsupported feature, and
  /// its text depends on the server's language: the place in the server's source tells it apart.
  var isStale: Bool {
    sqlState == "26000"
      || (sqlState == "0A000" && field(diagnosticFunction) == "RevalidateCachedQuery")
  }

  /// The error that this answer is.
  var error: StoreError {
    StoreError(
      sqlState: sqlState,
      subject: field(diagnosticConstraint) ?? field(diagnosticColumn) ?? "",
      message: field(diagnosticMessage) ?? fallbackMessage
    )
  }

  /// What libpq itself says, with a newline at its end.
  private var fallbackMessage: String { unsafe String(cString: PQresultErrorMessage(result)) }

  func name(ofColumn column: Int) -> String {
    guard let name = unsafe PQfname(result, Int32(column)) else { return "" }
    return unsafe String(cString: name)
  }

  func isNull(row: Int, column: Int) -> Bool {
    unsafe PQgetisnull(result, Int32(row), Int32(column)) != 0
  }

  /// The value's text, `nil` when it is not valid UTF-8.
  func text(row: Int, column: Int) -> String? {
    guard let value = unsafe PQgetvalue(result, Int32(row), Int32(column)) else { return nil }
    let count = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: count)
    return unsafe String(validating: bytes, as: UTF8.self)
  }

  /// The bytes of a `bytea` from its text form.
  func bytes(row: Int, column: Int) -> [UInt8]? {
    guard let value = unsafe PQgetvalue(result, Int32(row), Int32(column)) else { return nil }
    var count = 0
    let decoded = unsafe value.withMemoryRebound(
      to: UInt8.self,
      capacity: Int(PQgetlength(result, Int32(row), Int32(column))) + 1
    ) { unsafe PQunescapeBytea($0, &count) }
    guard let decoded = unsafe decoded else { return nil }
    defer { unsafe PQfreemem(decoded) }
    return unsafe Array(UnsafeBufferPointer(start: decoded, count: count))
  }

  private func field(_ code: Int32) -> String? {
    guard let text = unsafe PQresultErrorField(result, code) else { return nil }
    return unsafe String(cString: text)
  }
}
