import Assessment
import Roster

/// Which mark of a term, by the name that the database has for it, in the order of the mark book.
enum MarkSlot: String, Sendable, CaseIterable, Comparable {
  case regular = "REGULAR"
  case midTerm = "MID_TERM"
  case endOfTerm = "END_OF_TERM"
  case midTermLevel = "MID_TERM_LEVEL"
  case midTermTest = "MID_TERM_TEST"
  case endOfTermLevel = "END_OF_TERM_LEVEL"
  case endOfTermTest = "END_OF_TERM_TEST"

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  static func < (left: MarkSlot, right: MarkSlot) -> Bool { left.rank < right.rank }

  /// The slot of the level at one of the four moments of primary school.
  static func level(at period: Period) -> MarkSlot {
    period.isMiddle ? .midTermLevel : .endOfTermLevel
  }

  /// The slot of the test at one of the four moments of primary school.
  static func test(at period: Period) -> MarkSlot {
    period.isMiddle ? .midTermTest : .endOfTermTest
  }

  /// Whether a level of primary school stands here.
  var isLevel: Bool { self == .midTermLevel || self == .endOfTermLevel }
  /// Whether a test of primary school stands here.
  var isTest: Bool { self == .midTermTest || self == .endOfTermTest }
}

extension Period {
  fileprivate var isMiddle: Bool { self == .middleOfFirstTerm || self == .middleOfSecondTerm }

  /// The two moments of a term, in order.
  static func all(in term: Term) -> [Period] { allCases.filter { $0.term == term } }
}

/// Why a mark has no value.
enum MarkAbsence: String, Sendable {
  case pendingMakeUp = "PENDING_MAKE_UP"
  case withoutReason = "WITHOUT_REASON"
}

/// What stands in a mark.
enum MarkValue: Sendable, Hashable {
  case score(Score)
  case level(String)
  case absent(MarkAbsence)

  /// Reads a score in tenths; `nil` off the scale, for a test with a decimal, and for a level.
  init?(tenths: Int, in slot: MarkSlot) {
    guard let score = Score(tenths: tenths), !slot.isLevel, !slot.isTest || tenths % 10 == 0 else {
      return nil
    }
    self = .score(score)
  }

  /// Reads a level by its code; `nil` where the slot's scale has none such.
  init?(level code: String, in slot: MarkSlot) {
    let known =
      if slot.isLevel { SubjectLevel(rawValue: code)?.rawValue } else {
        CommentLevel(rawValue: code)?.rawValue
      }
    guard let known, !slot.isTest else { return nil }
    self = .level(known)
  }
}

extension MarkValue {
  /// The mark in tenths, for its column.
  var score: Int? {
    if case .score(let score) = self { score.tenths } else { nil }
  }
  /// The level's code, for its column.
  var level: String? {
    if case .level(let code) = self { code } else { nil }
  }
  /// The reason, for its column.
  var absence: String? {
    if case .absent(let absence) = self { absence.rawValue } else { nil }
  }
}

/// One mark of a pupil in a subject and term.
struct Mark: Sendable, Hashable {
  let slot: MarkSlot
  /// From 1 for regular marks; 0 else.
  let ordinal: Int
  let value: MarkValue
}

/// A pupil's row in a mark sheet.
struct MarkRow: Sendable {
  /// Id of the pupil.
  let student: String
  let comment: String
  let version: Int
  /// In the order of the mark book.
  let marks: [Mark]

  /// What stands in a slot; `nil` where nobody has entered anything.
  func value(_ slot: MarkSlot, _ ordinal: Int = 0) -> MarkValue? {
    marks.first { $0.slot == slot && $0.ordinal == ordinal }?.value
  }

  /// The level at a moment of primary school; `nil` where there is none.
  func level(at period: Period) -> SubjectLevel? {
    guard case .level(let code) = value(.level(at: period)) else { return nil }
    return SubjectLevel(rawValue: code)
  }

  /// The mark of the test at a moment of primary school; `nil` where there is none.
  func test(at period: Period) -> TestScore? {
    guard case .score(let score) = value(.test(at: period)) else { return nil }
    return TestScore(points: score.tenths / 10)
  }
}

// MARK: As the law looks at it

extension Subject {
  /// How many regular marks a term requires in a grade (circular 22/2021, article 6); 0 in primary
  /// school.
  func requiredRegularMarks(in grade: Grade) -> Int {
    switch kind {
    case .level: 0
    case .comment: Circular22.Article06.requiredComments
    case .scored:
      Circular22.Article06.requiredScores(lessonsPerYear: offerings[grade]?.lessonsPerYear ?? 0)
    }
  }

  /// When a grade is tested in the subject (circular 27/2020, article 7).
  func testedPeriods(in grade: Grade) -> [Period] { offerings[grade]?.testedPeriods ?? [] }

  /// A row of lower secondary school; no row is a row without marks.
  func termMarks(_ row: MarkRow?, in grade: Grade) -> Circular22.SubjectMarks {
    let required = requiredRegularMarks(in: grade)
    guard kind == .scored else {
      return .comments(
        entries(row, required) { value in
          if case .level(let code) = value { CommentLevel(rawValue: code) } else { nil }
        }
      )
    }
    let scores: TermMarks<Score> = entries(row, required) { value in
      if case .score(let score) = value { score } else { nil }
    }
    return .scored(scores, required: required)
  }

  private func entries<Value>(
    _ row: MarkRow?,
    _ required: Int,
    _ read: (MarkValue) -> Value?
  ) -> TermMarks<Value> {
    func entry(_ slot: MarkSlot, _ ordinal: Int = 0) -> MarkEntry<Value> {
      switch row?.value(slot, ordinal) {
      case nil: .notEntered
      case .absent(.pendingMakeUp): .pendingMakeUp
      case .absent(.withoutReason): .absentWithoutReason
      case let value?: read(value).map(MarkEntry.entered) ?? .notEntered
      }
    }
    // Marks beyond the required number are shown to the law, which then gives no average.
    let last = row?.marks.map(\.ordinal).max() ?? 0
    return TermMarks(
      regular: (1...max(required, last, 1)).map { entry(.regular, $0) },
      midTerm: entry(.midTerm),
      endOfTerm: entry(.endOfTerm)
    )
  }
}
