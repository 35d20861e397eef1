import API
import ServiceKit

/// One thing that a workbook speaks of: as the file has it, or as it is stored.
protocol ImportRow: Sendable {
  /// Tells it from others of its kind.
  var key: String { get }
  /// Whose or what it is, for people: a code, or the name of a class.
  var owner: String { get }
  /// What it says, in the words of the workbook. A value that is empty may be left out.
  var fields: [ImportField] { get }
}

/// A value under a heading of a workbook.
struct ImportField: Sendable {
  let heading: String
  let value: String
}

/// What a workbook says, against what is stored: which rows are new, changed, or the same.
struct ImportComparison<Row: ImportRow>: Sendable {
  /// A row that is stored and changes.
  struct Update: Sendable {
    let before: Row
    let after: Row
    let changes: [RecordsV1.ImportChange]
  }

  private(set) var created: [Row] = []
  private(set) var updated: [Update] = []
  private(set) var unchangedCount = 0

  /// Compares the rows of a file with those that are stored.
  ///
  /// What only the store has is left alone. A row without any value, such as that of a pupil
  /// without marks, is no row, in the file and in the store.
  init(_ rows: [Row], with stored: [Row]) {
    let stored = Dictionary(
      stored.filter(\.hasValues).map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    for row in rows {
      guard let before = stored[row.key] else {
        if row.hasValues { created.append(row) }
        continue
      }
      let changes = Self.changes(from: before, to: row)
      if changes.isEmpty {
        unchangedCount += 1
      } else {
        updated.append(Update(before: before, after: row, changes: changes))
      }
    }
  }

  /// The rows that have to be written, as the file has them.
  var written: [Row] { created + updated.map(\.after) }

  /// What has to be written, as it was and as it will be.
  var steps: [ImportStep] {
    created.map { ImportStep(owner: $0.owner, before: [], after: $0.digestible) }
      + updated.map { update in
        ImportStep(
          owner: update.after.owner,
          before: update.before.digestible,
          after: update.after.digestible
        )
      }
  }

  /// What is told of it.
  var tally: ImportTally {
    ImportTally(
      created: created.count,
      updated: updated.count,
      unchanged: unchangedCount,
      changes: updated.flatMap(\.changes)
    )
  }

  private static func changes(from before: Row, to after: Row) -> [RecordsV1.ImportChange] {
    let old = values(before)
    let new = values(after)
    let gone = before.fields.filter { new[$0.heading] == nil }
    return (after.fields + gone).compactMap { field in
      let was = old[field.heading] ?? ""
      let becomes = new[field.heading] ?? ""
      guard was != becomes else { return nil }
      return RecordsV1.ImportChange(
        subject: after.owner,
        field: field.heading,
        oldValue: was,
        newValue: becomes
      )
    }
  }

  private static func values(_ row: Row) -> [String: String] {
    Dictionary(row.fields.map { ($0.heading, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ImportRow {
  fileprivate var hasValues: Bool { fields.contains { !$0.value.isEmpty } }

  fileprivate var digestible: [UInt8] {
    let lines = [key] + fields.map { "\($0.heading)=\($0.value)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}

/// A row that changes, as the audit trail has it.
struct ImportStep: Sendable {
  let owner: String
  /// Empty if it is new.
  let before: [UInt8]
  let after: [UInt8]
}

extension Write {
  /// Notes that rows of a resource are new or changed, as one entry with the digest of these rows.
  func note(_ resource: String, _ steps: [ImportStep]) {
    guard !steps.isEmpty else { return }
    note(resource, before: steps.flatMap(\.before), after: steps.flatMap(\.after))
  }
}

/// How much of a workbook is new, changed, or the same.
struct ImportTally: Sendable {
  var created = 0
  var updated = 0
  var unchanged = 0
  var changes: [RecordsV1.ImportChange] = []

  /// Whether everything was there already.
  var isUnchanged: Bool { created == 0 && updated == 0 }

  static func + (left: ImportTally, right: ImportTally) -> ImportTally {
    ImportTally(
      created: left.created + right.created,
      updated: left.updated + right.updated,
      unchanged: left.unchanged + right.unchanged,
      changes: left.changes + right.changes
    )
  }
}

/// A row whose values all are text: everything but marks.
struct TextRow: ImportRow {
  let key: String
  let owner: String
  /// Id of the class or pupil, code of an assigned subject; empty for staff.
  var id: String
  let headings: [String]
  /// One for each heading.
  let values: [String]

  init(key: String, owner: String, id: String = "", headings: [String], values: [String]) {
    self.key = key
    self.owner = owner
    self.id = id
    self.headings = headings
    self.values = values
  }

  var fields: [ImportField] {
    zip(headings, values).map { ImportField(heading: $0, value: $1) }
  }
}

extension [TextRow] {
  /// The values of all rows in one place of the row, as a parameter of a statement.
  func column(_ index: Int) -> [String] { map { $0.values[index] } }
}
