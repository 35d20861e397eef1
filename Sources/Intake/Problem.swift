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
  package var reason: Reason

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
    // The file and its sheets.
    case sheetMissing = "SHEET_MISSING"
    case sheetDuplicate = "SHEET_DUPLICATE"
    case tableMissing = "TABLE_MISSING"
    case columnMissing = "COLUMN_MISSING"
    case columnDuplicate = "COLUMN_DUPLICATE"
    case columnUnknown = "COLUMN_UNKNOWN"
    case titleMissing = "TITLE_MISSING"
    case titleMismatch = "TITLE_MISMATCH"
    case fileNameMismatch = "FILE_NAME_MISMATCH"
    case classUnknown = "CLASS_UNKNOWN"
    case yearMismatch = "YEAR_MISMATCH"
    case subjectUnknown = "SUBJECT_UNKNOWN"
    case subjectMismatch = "SUBJECT_MISMATCH"
    // Values of any kind.
    case valueMissing = "VALUE_MISSING"
    case valueInvalid = "VALUE_INVALID"
    case valueDuplicate = "VALUE_DUPLICATE"
    case formulaError = "FORMULA_ERROR"
    case dateInvalid = "DATE_INVALID"
    // People.
    case pupilCodeInvalid = "PUPIL_CODE_INVALID"
    case pupilUnknown = "PUPIL_UNKNOWN"
    case pupilOtherClass = "PUPIL_OTHER_CLASS"
    case pupilDuplicate = "PUPIL_DUPLICATE"
    case nameMismatch = "NAME_MISMATCH"
    case birthDateMismatch = "BIRTH_DATE_MISMATCH"
    case staffUnknown = "STAFF_UNKNOWN"
    case personalIDInvalid = "PERSONAL_ID_INVALID"
    case personalIDMismatch = "PERSONAL_ID_MISMATCH"
    // Marks.
    case markInvalid = "MARK_INVALID"
    case markOutOfRange = "MARK_OUT_OF_RANGE"
    case markDecimals = "MARK_DECIMALS"
    case markAbsent = "MARK_ABSENT"
    case markExempt = "MARK_EXEMPT"
    case markSurplus = "MARK_SURPLUS"
    case levelInvalid = "LEVEL_INVALID"
    case averageMismatch = "AVERAGE_MISMATCH"
  }
}

/// All problems of one file; nothing of such a file is taken over.
package struct Problems: Error, Sendable, Equatable {
  /// At least one, sheet by sheet and row by row.
  package var all: [Problem]

  package init(_ all: [Problem]) {
    self.all = all
  }
}
