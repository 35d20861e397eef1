/// Something in a school's workbook that cannot be taken over as it stands.
package struct Problem: Sendable, Hashable {
  /// The file's name.
  package var file: String
  /// The sheet's name; empty: the whole file.
  package var sheet: String
  /// The row as the spreadsheet counts, from 1; 0: the whole sheet.
  package var row: Int
  /// The column's letters, such as `E`; empty: the whole row.
  package var column: String
  /// What stands there.
  package var found: String
  /// What was expected, in Vietnamese.
  package var expected: String
  /// The kind of problem.
  package var reason: Reason

  /// Describes a problem.
  package init(
    file: String,
    sheet: String = "",
    row: Int = 0,
    column: String = "",
    found: String = "",
    expected: String,
    reason: Reason
  ) {
    self.file = file
    self.sheet = sheet
    self.row = row
    self.column = column
    self.found = found
    self.expected = expected
    self.reason = reason
  }

  /// The stable code of a kind of problem.
  package enum Reason: String, Sendable, CaseIterable {
    // MARK: The file and its sheets

    /// A sheet that must be there is not.
    case sheetMissing = "SHEET_MISSING"
    /// Two sheets are about the same thing.
    case sheetDuplicate = "SHEET_DUPLICATE"
    /// A sheet has no row of headings.
    case tableMissing = "TABLE_MISSING"
    /// A heading that must be there is not.
    case columnMissing = "COLUMN_MISSING"
    /// A heading stands twice.
    case columnDuplicate = "COLUMN_DUPLICATE"
    /// A filled column whose heading looks mistyped.
    case columnUnknown = "COLUMN_UNKNOWN"
    /// Neither titles nor file name say the class, term or period.
    case titleMissing = "TITLE_MISSING"
    /// The titles of two sheets disagree.
    case titleMismatch = "TITLE_MISMATCH"
    /// A title disagrees with the file's name.
    case fileNameMismatch = "FILE_NAME_MISMATCH"
    /// The school has no such class.
    case classUnknown = "CLASS_UNKNOWN"
    /// Another school year than that of the school's file.
    case yearMismatch = "YEAR_MISMATCH"
    /// The grade has no such subject.
    case subjectUnknown = "SUBJECT_UNKNOWN"
    /// A subject's code and name do not belong together.
    case subjectMismatch = "SUBJECT_MISMATCH"

    // MARK: Values of any kind

    /// A cell that must be filled is blank.
    case valueMissing = "VALUE_MISSING"
    /// A value is none of those expected.
    case valueInvalid = "VALUE_INVALID"
    /// A value that must be unique stands twice.
    case valueDuplicate = "VALUE_DUPLICATE"
    /// A formula failed or was never computed.
    case formulaError = "FORMULA_ERROR"
    /// No day of the calendar.
    case dateInvalid = "DATE_INVALID"

    // MARK: People

    /// Not ten digits, in a row that is about a pupil.
    case pupilCodeInvalid = "PUPIL_CODE_INVALID"
    /// The school has no pupil of this code.
    case pupilUnknown = "PUPIL_UNKNOWN"
    /// The pupil sits in another class.
    case pupilOtherClass = "PUPIL_OTHER_CLASS"
    /// The pupil stands in the sheet twice.
    case pupilDuplicate = "PUPIL_DUPLICATE"
    /// The name is not that of the code's pupil.
    case nameMismatch = "NAME_MISMATCH"
    /// The date of birth is not that of the code's pupil.
    case birthDateMismatch = "BIRTH_DATE_MISMATCH"
    /// The school has no member of staff of this code.
    case staffUnknown = "STAFF_UNKNOWN"
    /// Not twelve digits.
    case personalIDInvalid = "PERSONAL_ID_INVALID"
    /// The personal number belongs to another sex or year of birth.
    case personalIDMismatch = "PERSONAL_ID_MISMATCH"

    // MARK: Marks

    /// Not a number.
    case markInvalid = "MARK_INVALID"
    /// Below 0 or above 10.
    case markOutOfRange = "MARK_OUT_OF_RANGE"
    /// More decimals than a mark has.
    case markDecimals = "MARK_DECIMALS"
    /// A word for absence where a mark should stand.
    case markAbsent = "MARK_ABSENT"
    /// A word for exemption where a mark should stand.
    case markExempt = "MARK_EXEMPT"
    /// A mark where the circulars ask for none.
    case markSurplus = "MARK_SURPLUS"
    /// None of the levels of the scale.
    case levelInvalid = "LEVEL_INVALID"
    /// A filled-in average or result is not what the marks give.
    case averageMismatch = "AVERAGE_MISMATCH"
  }
}

/// The problems of one file; nothing of such a file is taken over.
package struct Problems: Error, Sendable, Equatable {
  /// How many are kept: a sheet can have more wrong cells than anyone reads.
  package static let limit = 1_000

  /// The first ``limit``, sheet by sheet and row by row.
  package private(set) var all: [Problem] = []
  /// How many there are, those too that were not kept.
  package private(set) var count = 0

  /// Takes what was found.
  package init(_ found: [Problem] = []) {
    for problem in found { append(problem) }
  }

  /// Whether nothing is wrong.
  var isEmpty: Bool { count == 0 }

  /// From top to bottom and from left to right.
  var inOrder: Problems {
    var sorted = self
    sorted.all.sort { ($0.row, $0.column.count, $0.column) < ($1.row, $1.column.count, $1.column) }
    return sorted
  }

  mutating func append(_ problem: Problem) {
    count += 1
    if all.count < Self.limit { all.append(problem) }
  }

  static func += (problems: inout Problems, others: Problems) {
    problems.count += others.count
    problems.all += others.all.prefix(limit - problems.all.count)
  }
}
