extension SubjectCatalogue {
  /// The general education curriculum of 2018 (circular 32/2018, as amended).
  ///
  /// Informatics and technology of primary school is one subject of 70 lessons with two rows in
  /// the transcript, and so are the arts: each row has half of the lessons.
  package static let curriculum2018 = SubjectCatalogue(
    id: "ctgdpt-2018",
    validFrom: SchoolYear(known: 2020),
    subjects: primarySubjects2018 + lowerSecondarySubjects2018
  )
}

private let primarySubjects2018: [Subject] = [
  primary("tieng-viet", ["Tiếng Việt"], [1: 420, 2: 350, 3: 245, 4: 245, 5: 245], .main),
  primary("toan", ["Toán"], [1: 105, 2: 175, 3: 175, 4: 175, 5: 175], .main),
  primary(
    "ngoai-ngu-1",
    ["Ngoại ngữ 1", "Tiếng Anh", "Ngoại ngữ 1 (Tiếng Anh)", "Ngoại ngữ"],
    [1: 70, 2: 70, 3: 140, 4: 140, 5: 140],
    .endOfTerm,
    electiveIn: 1...2
  ),
  primary("lich-su-dia-li", historyAndGeography, [4: 70, 5: 70], .endOfTerm),
  primary("khoa-hoc", ["Khoa học"], [4: 70, 5: 70], .endOfTerm),
  primary("tin-hoc", informatics, [3: 35, 4: 35, 5: 35], .endOfTerm),
  primary("cong-nghe", technology, [3: 35, 4: 35, 5: 35], .endOfTerm),
  primary("dao-duc", ["Đạo đức"], [1: 35, 2: 35, 3: 35, 4: 35, 5: 35]),
  primary("tu-nhien-xa-hoi", ["Tự nhiên và Xã hội"], [1: 70, 2: 70, 3: 70]),
  primary("gdtc", physicalEducation, [1: 70, 2: 70, 3: 70, 4: 70, 5: 70]),
  primary(
    "nghe-thuat-am-nhac",
    ["Nghệ thuật (Âm nhạc)", "Âm nhạc"],
    [1: 35, 2: 35, 3: 35, 4: 35, 5: 35]
  ),
  primary(
    "nghe-thuat-mi-thuat",
    ["Nghệ thuật (Mĩ thuật)", "Nghệ thuật (Mỹ thuật)", "Mĩ thuật", "Mỹ thuật"],
    [1: 35, 2: 35, 3: 35, 4: 35, 5: 35]
  ),
  primary("hdtn", ["Hoạt động trải nghiệm"], [1: 105, 2: 105, 3: 105, 4: 105, 5: 105]),
  primary(
    "tieng-dan-toc",
    minorityLanguage,
    [1: 70, 2: 70, 3: 70, 4: 70, 5: 70],
    electiveIn: 1...5
  ),
]

private let lowerSecondarySubjects2018: [Subject] = [
  secondary("ngu-van", ["Ngữ văn"], .scored, 140),
  secondary("toan", ["Toán"], .scored, 140),
  secondary("ngoai-ngu-1", ["Ngoại ngữ 1", "Tiếng Anh", "Ngoại ngữ"], .scored, 105),
  secondary("gdcd", ["Giáo dục công dân", "GDCD"], .scored, 35),
  secondary("lich-su-dia-li", historyAndGeography, .scored, 105),
  secondary("khoa-hoc-tu-nhien", ["Khoa học tự nhiên", "KHTN"], .scored, 140),
  secondary("cong-nghe", ["Công nghệ"], .scored, 35, inGrades8And9: 52),
  secondary("tin-hoc", ["Tin học"], .scored, 35),
  secondary("gdtc", physicalEducation, .comment, 70),
  secondary("nghe-thuat", ["Nghệ thuật", "Nghệ thuật (Âm nhạc, Mĩ thuật)"], .comment, 70),
  secondary("hdtn-hn", ["Hoạt động trải nghiệm, hướng nghiệp", "HĐTN, HN"], .comment, 105),
  secondary(
    "gddp",
    ["Nội dung giáo dục của địa phương", "Giáo dục địa phương", "GDĐP"],
    .comment,
    35
  ),
  secondary("tieng-dan-toc", minorityLanguage, .scored, 105, isElective: true),
  secondary("ngoai-ngu-2", ["Ngoại ngữ 2"], .scored, 105, isElective: true),
]

private let historyAndGeography = ["Lịch sử và Địa lí", "Lịch sử và Địa lý", "LS&ĐL"]
private let informatics = ["Tin học", "Tin học và Công nghệ (Tin học)"]
private let technology = ["Công nghệ", "Tin học và Công nghệ (Công nghệ)"]
private let physicalEducation = ["Giáo dục thể chất", "GDTC", "Thể dục"]
private let minorityLanguage = ["Tiếng dân tộc thiểu số", "Tiếng dân tộc"]

/// Which periodic tests circular 27/2020, article 7, asks of a primary subject.
private enum Testing {
  case none
  /// At the end of each term.
  case endOfTerm
  /// At the end of each term, and in grades 4 and 5 in the middle of each too.
  case main

  func periods(in grade: Grade) -> [Period] {
    switch self {
    case .none: []
    case .main where grade.rawValue >= 4: Period.allCases
    case .main, .endOfTerm: [.endOfFirstTerm, .endOfYear]
    }
  }
}

private func primary(
  _ code: SubjectCode,
  _ names: [String],
  _ lessons: [Int: Int],
  _ testing: Testing = .none,
  electiveIn electiveGrades: ClosedRange<Int>? = nil
) -> Subject {
  var offerings: [Grade: Subject.Offering] = [:]
  for grade in Grade.allCases {
    guard let lessonsPerYear = lessons[grade.rawValue] else { continue }
    let isElective = electiveGrades?.contains(grade.rawValue) ?? false
    offerings[grade] = Subject.Offering(
      lessonsPerYear: lessonsPerYear,
      isElective: isElective,
      testedPeriods: isElective ? [] : testing.periods(in: grade)
    )
  }
  return Subject(code: code, level: .primary, kind: .level, names: names, offerings: offerings)
}

private func secondary(
  _ code: SubjectCode,
  _ names: [String],
  _ kind: AssessmentKind,
  _ lessonsPerYear: Int,
  inGrades8And9 later: Int? = nil,
  isElective: Bool = false
) -> Subject {
  var offerings: [Grade: Subject.Offering] = [:]
  for grade in Grade.allCases where grade.level == .lowerSecondary {
    let lessons = grade.rawValue >= 8 ? later ?? lessonsPerYear : lessonsPerYear
    offerings[grade] = Subject.Offering(lessonsPerYear: lessons, isElective: isElective)
  }
  return Subject(
    code: code,
    level: .lowerSecondary,
    kind: kind,
    names: names,
    offerings: offerings
  )
}
