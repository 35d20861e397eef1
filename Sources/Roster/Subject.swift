/// The code of a subject, for example `toan`; small letters, digits and hyphens.
package struct SubjectCode: RawRepresentable, Sendable, Hashable, Comparable,
  ExpressibleByStringLiteral, CustomStringConvertible
{
  /// The code as it is stored.
  package let rawValue: String

  /// Takes a code as it stands; whether it is in use is the catalogue's to say.
  package init(rawValue: String) { self.rawValue = rawValue }

  /// Takes a code that stands in the source.
  package init(stringLiteral value: StaticString) { rawValue = value.description }

  /// The code as it is stored.
  package var description: String { rawValue }

  /// Orders codes as text.
  package static func < (left: SubjectCode, right: SubjectCode) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// How a subject is assessed.
package enum AssessmentKind: String, Sendable, Hashable, CaseIterable {
  /// Comments and scores (*nhận xét kết hợp điểm số*); lower secondary.
  case scored = "scored"
  /// Comments only (*nhận xét*), passed or not; lower secondary.
  case comment = "comment"
  /// A level of completion, with a periodic test where one is due; primary.
  case level = "level"
}

/// A subject or educational activity (*môn học, hoạt động giáo dục*) of one level's curriculum.
package struct Subject: Sendable, Hashable, VietnameseNamed {
  /// What the curriculum asks of a subject in one grade.
  package struct Offering: Sendable, Hashable {
    /// Lessons in a school year (*số tiết*).
    package let lessonsPerYear: Int
    /// Tells whether pupils may choose not to take it (*tự chọn*).
    package let isElective: Bool
    /// When a periodic test is due (circular 27/2020, article 7); empty where none is, and always
    /// in lower secondary, where each term has its two.
    package let testedPeriods: [Period]

    /// Describes a subject in a grade.
    package init(lessonsPerYear: Int, isElective: Bool = false, testedPeriods: [Period] = []) {
      self.lessonsPerYear = lessonsPerYear
      self.isElective = isElective
      self.testedPeriods = testedPeriods
    }
  }

  /// The code, unique within the level.
  package let code: SubjectCode
  /// The level to which the subject belongs.
  package let level: SchoolLevel
  /// How it is assessed.
  package let kind: AssessmentKind
  /// The name to print, then others that workbooks use.
  package let names: [String]
  /// What is asked in each grade; a grade that is absent does not have the subject.
  package let offerings: [Grade: Offering]

  /// Describes a subject.
  package init(
    code: SubjectCode,
    level: SchoolLevel,
    kind: AssessmentKind,
    names: [String],
    offerings: [Grade: Offering]
  ) {
    self.code = code
    self.level = level
    self.kind = kind
    self.names = names
    self.offerings = offerings
  }
}

/// The subjects of a curriculum in the order of the transcript's rows: data with validity.
package struct SubjectCatalogue: Sendable, Hashable {
  /// The name of this edition, kept with what is made from it.
  package let id: String
  /// The first school year for which it holds.
  package let validFrom: SchoolYear
  /// The subjects, primary first.
  package let subjects: [Subject]

  /// Describes an edition of the catalogue.
  package init(id: String, validFrom: SchoolYear, subjects: [Subject]) {
    self.id = id
    self.validFrom = validFrom
    self.subjects = subjects
  }

  /// The subjects that a grade has, electives too, in the order of the transcript.
  package func subjects(in grade: Grade) -> [Subject] {
    subjects.filter { $0.level == grade.level && $0.offerings[grade] != nil }
  }

  /// The subject of a code in a grade; `nil` when the grade has none such.
  package func subject(_ code: SubjectCode, in grade: Grade) -> Subject? {
    subjects(in: grade).first { $0.code == code }
  }

  /// The subject that goes by a name in a grade.
  ///
  /// A name of 31 characters also finds the one subject whose name begins so, because a
  /// workbook cuts the names of its sheets there.
  /// - Parameters:
  ///   - name: The name as someone typed it, in NFC.
  ///   - grade: The grade that takes the subject.
  /// - Returns: `nil` when no subject of the grade goes by the name.
  package func subject(named name: String, in grade: Grade) -> Subject? {
    let candidates = subjects(in: grade)
    if let exact = candidates.first(where: { $0.isNamed(name) }) { return exact }
    guard name.utf16.count == 31 else { return nil }
    let beginning = folded(name)
    let cut = candidates.filter { $0.names.contains { folded($0).hasPrefix(beginning) } }
    return cut.count == 1 ? cut.first : nil
  }
}
