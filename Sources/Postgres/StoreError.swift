/// Everything that can go wrong between us and PostgreSQL.
package enum StoreError: Error, Equatable {
  /// The database cannot be reached, or the connection broke; nothing of the statement remains.
  case unavailable(String)
  /// The connection broke while COMMIT was on its way: the transaction may or may not have
  /// happened.
  case commitUnknown
  /// The deadline or the default limit of a statement passed (SQLSTATE 57014), or it waited too
  /// long.
  case timeout
  /// The calling task was cancelled, and with it the statement.
  case cancelled
  /// More callers wait than `DatabaseConfiguration.queueLimit` allows.
  case overloaded
  /// The transaction lost to another (40001, 40P01) or met a changed table, and may be repeated.
  case serialization(sqlState: String)
  /// A constraint said no (SQLSTATE class 23); for NOT NULL the name is the column's.
  case constraint(name: String, sqlState: String)
  /// A column does not hold what the row type reads from it.
  case decode(column: String, reason: String)
  /// A parameter that PostgreSQL cannot hold: an embedded NUL, too many, or too large.
  case value(String)
  /// The transaction was used after its end.
  case transactionEnded
  /// The schema has a migration that this program does not know: the database is newer.
  case unknownMigration(String)
  /// A migration was changed after it had been applied.
  case changedMigration(String)
  /// Any other error of the server.
  case server(sqlState: String, message: String)
}

extension StoreError {
  /// The error that a server's answer stands for.
  ///
  /// Codes: PostgreSQL 15 documentation, appendix A.
  /// - Parameters:
  ///   - sqlState: the five characters, empty when libpq itself made the error
  ///   - subject: name of the constraint, or else of the column, that it is about
  ///   - message: the primary message, in the server's language
  init(sqlState: String, subject: String, message: String) {
    switch sqlState {
    case "57014":
      self = .timeout
    case "40001", "40P01":
      self = .serialization(sqlState: sqlState)
    case "57P01", "57P02", "57P03", "53300", "":
      self = .unavailable(message)
    case _ where sqlState.hasPrefix("08"):
      self = .unavailable(message)
    case _ where sqlState.hasPrefix("23"):
      self = .constraint(name: subject, sqlState: sqlState)
    default:
      self = .server(sqlState: sqlState, message: message)
    }
  }
}
