import API
import Assessment
import Roster

/// What may stand where in the mark sheet of a subject, grade and term.
struct MarkRules {
  let subject: Subject
  let grade: Grade
  let term: Term

  /// Reads a mark as it came.
  ///
  /// - Returns: The place, and what is to stand there; `nil` takes the mark away.
  /// - Throws: `RecordsError.markInvalid`, saying what is expected.
  func read(
    _ mark: RecordsV1.Mark
  ) throws(RecordsError) -> (slot: MarkSlot, ordinal: Int, value: MarkValue?) {
    let ordinal = Int(mark.ordinal)
    guard let slot = MarkSlot(mark.slot), ordinals(of: slot)?.contains(ordinal) == true else {
      throw .markInvalid("môn này không có cột điểm đó trong học kì")
    }
    guard let given = mark.value else { return (slot, ordinal, nil) }
    let value: MarkValue? =
      switch given {
      case .scoreTenths(let tenths): MarkValue(tenths: Int(tenths), in: slot)
      case .level(let code): MarkValue(level: code, in: slot)
      case .absence(let absence): MarkAbsence(absence).map(MarkValue.absent)
      }
    guard let value, isAllowed(value, in: slot) else { throw .markInvalid(expected(in: slot)) }
    return (slot, ordinal, value)
  }

  /// The ordinals that a slot has by law (circular 22/2021, articles 6 and 7; circular 27/2020,
  /// article 7); `nil` where there is no such slot.
  private func ordinals(of slot: MarkSlot) -> ClosedRange<Int>? {
    guard subject.kind == .level else {
      if slot == .regular { return 1...subject.requiredRegularMarks(in: grade) }
      return slot.isLevel || slot.isTest ? nil : 0...0
    }
    let tested = Set(subject.testedPeriods(in: grade)).intersection(Period.all(in: term))
    return slot.isLevel || tested.contains { MarkSlot.test(at: $0) == slot } ? 0...0 : nil
  }

  /// Whether a value of the slot's scale goes with the subject.
  ///
  /// Missing without reason is a matter of periodic assessment (circular 22/2021, article 7). In
  /// primary school a level is given whatever a pupil missed, and a test can only be made up.
  private func isAllowed(_ value: MarkValue, in slot: MarkSlot) -> Bool {
    switch value {
    case .score: subject.kind != .comment
    case .level: subject.kind != .scored
    case .absent(.pendingMakeUp): !slot.isLevel
    case .absent(.withoutReason): slot == .midTerm || slot == .endOfTerm
    }
  }

  private func expected(in slot: MarkSlot) -> String {
    let value =
      switch (subject.kind, slot) {
      case (.scored, _): "điểm từ 0 đến 10, tính bằng phần mười (0 đến 100)"
      case (.comment, _): "mức Đ hoặc CĐ"
      case (.level, _) where slot.isTest:
        "điểm nguyên từ 0 đến 10, tính bằng phần mười (0, 10, …, 100)"
      case (.level, _): "mức T, H hoặc C"
      }
    let reasons =
      switch slot {
      case .midTerm, .endOfTerm: ", hoặc lí do vắng"
      case .regular, .midTermTest, .endOfTermTest: ", hoặc chờ kiểm tra bù"
      case .midTermLevel, .endOfTermLevel: ""
      }
    return value + reasons
  }
}

// MARK: On the wire

extension MarkSlot {
  /// The API has the same names behind a prefix; `nil` for a slot that cannot be entered.
  fileprivate init?(_ slot: RecordsV1.MarkSlot) {
    guard let match = Self.allCases.first(where: { $0.wire == slot }) else { return nil }
    self = match
  }

  fileprivate var wire: RecordsV1.MarkSlot {
    switch self {
    case .regular: .regular
    case .midTerm: .midTerm
    case .endOfTerm: .endOfTerm
    case .midTermLevel: .midTermLevel
    case .midTermTest: .midTermTest
    case .endOfTermLevel: .endOfTermLevel
    case .endOfTermTest: .endOfTermTest
    }
  }
}

extension MarkAbsence {
  fileprivate init?(_ absence: RecordsV1.MarkAbsence) {
    switch absence {
    case .pendingMakeUp: self = .pendingMakeUp
    case .withoutReason: self = .withoutReason
    default: return nil
    }
  }
}

extension RecordsV1.Mark {
  /// A mark as the API has it.
  init(_ mark: Mark) {
    let value: Value =
      switch mark.value {
      case .score(let score): .scoreTenths(Int32(score.tenths))
      case .level(let code): .level(code)
      case .absent(.pendingMakeUp): .absence(.pendingMakeUp)
      case .absent(.withoutReason): .absence(.withoutReason)
      }
    self.init(slot: mark.slot.wire, ordinal: Int32(mark.ordinal), value: value)
  }
}
