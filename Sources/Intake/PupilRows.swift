import Roster
import Workbook

/// The columns of a table with one row a pupil.
enum PupilColumn<Value: Hashable>: Hashable {
  case code
  case name
  case dateOfBirth
  case comment
  case value(Value)

  /// The columns that all such tables have, by the key of a heading.
  init?(common key: String) {
    switch key {
    case "mahocsinh", "mahs", "madinhdanhhocsinh": self = .code
    case "hovaten", "hoten", "hovatenhocsinh", "hotenhocsinh", "tenhocsinh": self = .name
    case "ngaisinh", "ngaithangnamsinh": self = .dateOfBirth
    case _ where key.hasPrefix("nhanxet"): self = .comment
    default: return nil
    }
  }

  /// The heading; `nil` for the table's own.
  var heading: String? {
    switch self {
    case .code: "Mã học sinh"
    case .name: "Họ và tên"
    case .dateOfBirth: "Ngày sinh"
    case .comment: "Nhận xét"
    case .value: nil
    }
  }
}

extension Layout {
  /// A table with one row a pupil.
  init<Value>(
    pupilsWith required: [Value],
    repeatable: Set<Value> = [],
    match: @escaping (String) -> Value?,
    heading: @escaping (Value) -> String
  ) where Key == PupilColumn<Value> {
    self.init(
      anchor: .code,
      required: [.code, .name] + required.map { .value($0) },
      repeatable: Set(repeatable.map { .value($0) }).union([.name]),
      match: { key in PupilColumn(common: key) ?? match(key).map { .value($0) } },
      heading: { key in
        if case .value(let value) = key { heading(value) } else { key.heading ?? "" }
      }
    )
  }
}

extension SheetReader {
  /// The rows of pupils, each with its code; what the row says of the pupil is compared with what
  /// the school has.
  mutating func pupilRows<Value>(
    of className: String,
    in school: KnownSchool
  ) -> [(row: Int, pupil: String)] where Key == PupilColumn<Value> {
    let last = rowNumbers.last { isCode(cell($0, .code)) } ?? 0
    var firstRows: [String: Int] = [:]
    var result: [(row: Int, pupil: String)] = []
    for row in rowNumbers {
      guard isCode(cell(row, .code)), case .value(let code) = cell(row, .code).pupilCode else {
        if isPupilWithoutCode(row, isInside: row < last) {
          report(row, .code, "mã học sinh gồm 10 chữ số", .pupilCodeInvalid)
        }
        continue
      }
      if let first = firstRows[code] {
        reportRepeated(row, .code, first: first, .pupilDuplicate)
      } else {
        firstRows[code] = row
        check(row, code, className, school)
      }
      result.append((row, code))
    }
    return result
  }

  /// Whether a row without a proper code is about a pupil all the same, and not a note, a
  /// signature or a total.
  private func isPupilWithoutCode<Value>(
    _ row: Int,
    isInside: Bool
  ) -> Bool where Key == PupilColumn<Value> {
    let code = cell(row, .code).shown
    // Headings are repeated where a printed page begins.
    if layout.match(code.key) == .code { return false }
    if code.looksLikePupilCode { return true }
    if case .value = cell(row, .dateOfBirth).day { return true }
    let marks = table.columns.flatMap { key, columns in
      if case .value = key { columns.compactMap { sheet[row, $0] } } else { [Cell]() }
    }
    if isInside { return marks.contains { !$0.shown.isEmpty } }
    let start = (sheet.rows[row] ?? [:]).min { $0.key < $1.key }?.value.shown.key ?? ""
    let isTotal = ["tong", "cong", "siso", "tile", "gioi", "kha", "tot", "dat", "chuadat", "hoan"]
      .contains { start.hasPrefix($0) }
    return !isTotal && marks.contains { looksLikeMark($0) }
  }

  private mutating func check<Value>(
    _ row: Int,
    _ code: String,
    _ className: String,
    _ school: KnownSchool
  ) where Key == PupilColumn<Value> {
    guard let pupil = school.pupils[code] else {
      report(row, .code, "mã của một học sinh trong danh sách của trường", .pupilUnknown)
      return
    }
    if pupil.className != className {
      let expected = "học sinh lớp \(className) (em này học lớp \(pupil.className))"
      report(row, .code, expected, .pupilOtherClass)
    }
    if let name = requiredText(row, .name), name != pupil.name,
      name.nameKey != pupil.name.nameKey
    {
      report(row, .name, pupil.name, .nameMismatch)
    }
    let expected = pupil.dateOfBirth.vietnameseText
    let day = take(cell(row, .dateOfBirth).day, row, .dateOfBirth, expected)
    if let day, day != pupil.dateOfBirth {
      report(row, .dateOfBirth, expected, .birthDateMismatch)
    }
  }
}

extension String {
  /// Whether somebody meant a pupil's code: digits, with a slip or two.
  ///
  /// A place and a day below a table have as many digits as a code, and a sentence around them.
  var looksLikePupilCode: Bool {
    let typed = halfWidth.filter { !" .-".contains($0) }
    return typed.allSatisfy { $0.isLetter || $0.isNumber }
      && typed.count { $0.isNumber } >= 5 && typed.count { $0.isLetter } <= 2
  }
}

private func isCode(_ cell: Cell) -> Bool {
  guard case .value(let text) = cell.pupilCode else { return false }
  return text.utf8.count == 10 && text.utf8.allSatisfy { (48...57).contains($0) }
}

/// Marks are figures and levels are letters of the scales; what else stands in their columns below
/// a table (*GVCN*, *Hiệu trưởng*) is not about a pupil.
private func looksLikeMark(_ cell: Cell) -> Bool {
  switch cell {
  case .text(let text):
    let typed = text.cleaned.uppercased()
    return typed.count <= 4 && typed.contains { $0.isNumber }
      || ["T", "H", "C", "K", "Đ", "D", "CĐ", "CD"].contains(typed)
  case .number, .error, .date: return true
  case .boolean: return false
  }
}
