import Assessment
import Intake
import Roster

/// A school year of a school, as far as it is needed to read marks.
struct YearRoster: Sendable {
  /// What names, codes and titles of the file are compared with.
  let known: KnownSchool
  /// Ids of the classes by their names.
  let classIDs: [String: String]
  /// Ids of the pupils by their codes.
  let studentIDs: [String: String]
  /// The names that a class has for its subjects, by id of the class and code of the subject.
  let subjectNames: [String: [SubjectCode: String]]
}

/// What a file of marks says of a class: of a term in lower secondary, of a period in primary.
struct ClassMarks: Sendable {
  let classID: String
  let term: Term
  /// The slots that the file speaks of; marks in others are none of its business.
  let slots: [MarkSlot]
  /// Whether the file has a comment for each subject.
  let hasComments: Bool
  private(set) var sheets: [SheetRow] = []
  /// Lower secondary: values as ``conductHeadings`` has them.
  private(set) var conduct: [TextRow] = []
  /// Primary: the period, its traits, and their values followed by a comment.
  private(set) var traits: PeriodTraits?

  static let conductHeadings = [
    "Kết quả rèn luyện", "Nghỉ có phép", "Nghỉ không phép", "Nhận xét của GVCN",
  ]

  /// Takes over a mark book.
  init(_ book: MarkBook, _ year: YearRoster) {
    classID = year.classIDs[book.className] ?? ""
    term = book.term
    slots = [.regular, .midTerm, .endOfTerm]
    hasComments = true
    for subject in book.subjects {
      let name = name(of: subject.subject, in: year)
      for row in subject.rows {
        guard let student = year.studentIDs[row.pupil] else { continue }
        sheets.append(
          SheetRow(
            subject: subject.subject,
            displayName: name,
            student: student,
            owner: row.pupil,
            marks: row.marks.places,
            comment: row.comment ?? ""
          )
        )
      }
    }
    conduct = book.conduct.compactMap { row in
      let values = [
        row.level?.rawValue, row.excusedAbsences?.description, row.unexcusedAbsences?.description,
        row.comment,
      ]
      return TextRow(row.pupil, year, Self.conductHeadings, values)
    }
  }

  /// Takes over a summary sheet.
  init(_ sheet: SummarySheet, _ year: YearRoster) {
    let level = MarkSlot.level(at: sheet.period)
    let test = MarkSlot.test(at: sheet.period)
    classID = year.classIDs[sheet.className] ?? ""
    term = sheet.period.term
    slots = [level, test]
    hasComments = false
    for row in sheet.rows {
      guard let student = year.studentIDs[row.pupil] else { continue }
      for subject in Set(row.levels.keys).union(row.tests.keys).sorted() {
        var marks: [MarkPlace: MarkValue] = [:]
        marks[MarkPlace(level)] = row.levels[subject].map { .level($0.rawValue) }
        marks[MarkPlace(test)] = row.tests[subject].flatMap { Score(tenths: 10 * $0.points) }
          .map { .score($0) }
        sheets.append(
          SheetRow(
            subject: subject,
            displayName: name(of: subject, in: year),
            student: student,
            owner: row.pupil,
            marks: marks,
            comment: ""
          )
        )
      }
    }
    let assessed = year.known.classes[sheet.className].map(Trait.assessed) ?? []
    traits = PeriodTraits(
      period: sheet.period,
      traits: assessed,
      rows: sheet.rows.compactMap { row in
        let values = assessed.map { row.traits[$0]?.rawValue } + [row.comment]
        return TextRow(row.pupil, year, PeriodTraits.headings(assessed), values)
      }
    )
  }

  private func name(of subject: SubjectCode, in year: YearRoster) -> String {
    year.subjectNames[classID]?[subject]
      ?? SubjectCatalogue.curriculum2018.subjects.first { $0.code == subject }?.name
      ?? subject.rawValue
  }
}

/// Qualities and competencies of a class in a period, primary.
struct PeriodTraits: Sendable {
  let period: Period
  let traits: [Trait]
  /// Values: a level a trait, then the comment.
  let rows: [TextRow]

  static func headings(_ traits: [Trait]) -> [String] { traits.map(\.name) + ["Nhận xét"] }
}

/// Where a mark stands in a pupil's row.
struct MarkPlace: Sendable, Hashable, Comparable {
  let slot: MarkSlot
  let ordinal: Int

  init(_ slot: MarkSlot, _ ordinal: Int = 0) {
    self.slot = slot
    self.ordinal = ordinal
  }

  static func < (left: MarkPlace, right: MarkPlace) -> Bool {
    (left.slot, left.ordinal) < (right.slot, right.ordinal)
  }

  /// The heading in the workbook.
  fileprivate var heading: String {
    switch slot {
    case .regular: "ĐĐGtx \(ordinal)"
    case .midTerm: "ĐĐGgk"
    case .endOfTerm: "ĐĐGck"
    case .midTermLevel, .endOfTermLevel: "Mức đạt được"
    case .midTermTest, .endOfTermTest: "Điểm KTĐK"
    }
  }

  /// A value as the workbook would have it.
  fileprivate func text(_ value: MarkValue) -> String {
    switch value {
    case .level(let code): code
    case .score(let score):
      [.midTermTest, .endOfTermTest].contains(slot)
        ? "\(score.tenths / 10)" : score.vietnameseText
    case .absent(.pendingMakeUp): "chờ kiểm tra bù"
    case .absent(.withoutReason): "vắng không phép"
    }
  }
}

/// A pupil's row in a mark sheet, as far as a file speaks of it.
struct SheetRow: ImportRow {
  let subject: SubjectCode
  /// Name of the subject, for people.
  let displayName: String
  /// Id of the pupil.
  let student: String
  /// Code of the pupil.
  let owner: String
  var marks: [MarkPlace: MarkValue]
  /// Empty too where the file has no comments on subjects.
  var comment: String

  var key: String { "\(subject)/\(student)" }

  var fields: [ImportField] {
    marks.sorted { $0.key < $1.key }.map { place, value in
      ImportField(heading: "\(displayName), \(place.heading)", value: place.text(value))
    } + [ImportField(heading: "\(displayName), Nhận xét", value: comment)]
  }
}

extension TextRow {
  /// A pupil's row; `nil` for one whom the school does not have.
  fileprivate init?(_ code: String, _ year: YearRoster, _ headings: [String], _ values: [String?]) {
    guard let id = year.studentIDs[code] else { return nil }
    self.init(key: id, owner: code, id: id, headings: headings, values: values.map { $0 ?? "" })
  }
}

extension Circular22.SubjectMarks {
  /// The marks that have been entered, by their places.
  fileprivate var places: [MarkPlace: MarkValue] {
    switch self {
    case .scored(let marks, _): marks.places { .score($0) }
    case .comments(let marks): marks.places { .level($0.rawValue) }
    case .carriedAverage, .carriedComment: [:]
    }
  }
}

extension TermMarks {
  fileprivate func places(_ stored: (Value) -> MarkValue) -> [MarkPlace: MarkValue] {
    var entries = [MarkPlace(.midTerm): midTerm, MarkPlace(.endOfTerm): endOfTerm]
    for (index, entry) in regular.enumerated() { entries[MarkPlace(.regular, index + 1)] = entry }
    return entries.compactMapValues { entry in
      switch entry {
      case .entered(let value): stored(value)
      case .pendingMakeUp: .absent(.pendingMakeUp)
      case .absentWithoutReason: .absent(.withoutReason)
      case .notEntered: nil
      }
    }
  }
}
