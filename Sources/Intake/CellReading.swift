import Assessment
import Roster
import Workbook

/// What a cell comes to when a value of some kind is looked for in it.
enum CellReading<Value> {
  case blank
  case value(Value)
  case wrong(Problem.Reason)
}

extension Cell {
  /// What people see in the cell, cleaned; empty when it is blank.
  var shown: String {
    switch self {
    case .text(let text): text.cleaned
    case .number(let number): DecimalText(number)?.text ?? number
    case .date(let day): day.vietnameseText
    case .boolean(let value): value ? "TRUE" : "FALSE"
    case .error(let error): error
    }
  }

  /// Whether people see nothing in the cell.
  var isBlank: Bool {
    guard case .text(let text) = self else { return false }
    return !text.utf8.contains { (0x21...0x7E).contains($0) } && text.cleaned.isEmpty
  }

  /// The cell as free text.
  var text: CellReading<String> {
    switch self {
    case .error: .wrong(.formulaError)
    default: shown.isEmpty ? .blank : .value(shown)
    }
  }

  private var decimal: CellReading<DecimalText> {
    switch self {
    case .number(let number): DecimalText(number).map { .value($0) } ?? .wrong(.markInvalid)
    case .text(let text):
      switch text.cleaned.halfWidth {
      case "": .blank
      // A power of ten is something that only a spreadsheet writes.
      case let typed where typed.lowercased().contains("e"): .wrong(.markInvalid)
      case let typed: DecimalText(typed).map { .value($0) } ?? .wrong(instead(of: typed))
      }
    case .error: .wrong(.formulaError)
    case .date, .boolean: .wrong(.markInvalid)
    }
  }

  /// A mark on the scale of ten with one decimal.
  var score: CellReading<Score> {
    decimal.map(to: 1) { Score(tenths: $0) }
  }

  /// A mark of a periodic test of primary school.
  var testScore: CellReading<TestScore> {
    decimal.map(to: 0) { TestScore(points: $0) }
  }

  /// A number of half days.
  var count: CellReading<Int> {
    guard case .value(let decimal) = decimal else {
      return isBlank ? .blank : .wrong(.valueInvalid)
    }
    guard let whole = decimal.whole(), (0...400).contains(whole) else {
      return .wrong(.valueInvalid)
    }
    return .value(whole)
  }

  /// An average that someone filled in, to one decimal; `nil` where there is none to compare.
  var average: Score? {
    guard case .value(let decimal) = decimal else { return nil }
    return decimal.roundedTenths.flatMap { Score(tenths: $0) }
  }

  /// A level by its letters in either case, or by its name.
  func level<Value: Level>() -> CellReading<Value> {
    if case .error = self { return .wrong(.formulaError) }
    guard case .text(let text) = self else {
      return .wrong(.levelInvalid)
    }
    let typed = text.cleaned.uppercased()
    guard !typed.isEmpty else { return .blank }
    // Three letters of Unicode look like this one, and keyboards produce them all.
    let letters = typed.replacing("\u{D0}", with: "Đ").replacing("\u{189}", with: "Đ")
    let match = Value.allCases.first { $0.rawValue == letters }
    let named = match ?? Value.allCases.first { letters.count > 2 && $0.name.key == letters.key }
    return named.map { .value($0) } ?? .wrong(instead(of: typed, or: .levelInvalid))
  }

  /// A day as a date or as `dd/mm/yyyy`; a time at midnight, as exports add it, says nothing.
  var day: CellReading<CivilDate> {
    switch self {
    case .date(let day): return .value(day)
    case .error: return .wrong(.formulaError)
    case .number, .boolean: return .wrong(.dateInvalid)
    case .text(let text):
      var typed = text.cleaned.halfWidth
      // Making the pattern takes longer than reading the day, and hardly a day has a time.
      if typed.utf8.contains(UInt8(ascii: ":")) {
        typed.replace(/[ T]0?0:00(:00)?$/, with: "")
      }
      typed.removeAll { $0 == " " }
      guard !typed.isEmpty else { return .blank }
      if let day = CivilDate(typed) { return .value(day) }
      let slashed = String(typed.map { "-.".contains($0) ? "/" : $0 })
      return CivilDate(slashed).map { .value($0) } ?? .wrong(.dateInvalid)
    }
  }

  /// A number that is a name: digits, whose zeros at the front a spreadsheet may have dropped.
  ///
  /// `count` is how many digits it has; `nil` where any number will do.
  func digits(_ count: Int? = nil) -> CellReading<String> {
    guard case .value(let text) = text else {
      return isBlank ? .blank : .wrong(.formulaError)
    }
    let typed = text.halfWidth.filter { !" .".contains($0) }
    guard case .number = self, let count, typed.count < count else { return .value(typed) }
    return .value(String(repeating: "0", count: count - typed.count) + typed)
  }
}

extension Cell {
  /// A pupil's code of ten digits, which begins with the province that issued it.
  ///
  /// Of a number with nine, a spreadsheet dropped a zero where a province then stands in front:
  /// 01, 02, 04, 06 and 08. Any other is a code with a digit too few.
  var pupilCode: CellReading<String> {
    guard case .number = self, case .value(let text) = digits(), text.count == 9,
      let first = text.first, "12468".contains(first)
    else { return digits() }
    return .value("0" + text)
  }
}

extension CellReading<DecimalText> {
  fileprivate func map<Mark>(to places: Int, _ make: (Int) -> Mark?) -> CellReading<Mark> {
    switch self {
    case .blank: return .blank
    case .wrong(let reason): return .wrong(reason)
    case .value(let decimal):
      guard let whole = decimal.whole(after: places) else { return .wrong(.markDecimals) }
      return make(whole).map { .value($0) } ?? .wrong(.markOutOfRange)
    }
  }
}

/// What kind of mistake a word is that stands where a mark should.
private func instead(of typed: String, or other: Problem.Reason = .markInvalid) -> Problem.Reason {
  switch typed.key {
  case "v", "vang", "vangthi", "vp", "kp", "cp": .markAbsent
  case "m", "mien", "miengiam": .markExempt
  default: other
  }
}
