/// One of a scale of levels, written by a short code.
package protocol Level: RawRepresentable<String>, CaseIterable, Sendable, Hashable, Comparable {
  /// The Vietnamese name that is printed.
  var name: String { get }
}

extension Level where AllCases == [Self] {
  /// The place on the scale, 0 for the lowest.
  package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Orders levels from low to high.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Conduct (*kết quả rèn luyện*) in lower secondary school.
package enum ConductLevel: String, Level {
  /// *Chưa đạt*, not passed.
  case notPassed = "CĐ"
  /// *Đạt*, passed.
  case passed = "Đ"
  /// *Khá*, fair.
  case fair = "K"
  /// *Tốt*, good.
  case good = "T"

  /// The Vietnamese name that is printed.
  package var name: String { fourLevelName(rawValue) }
}

/// The result of learning (*kết quả học tập*) in lower secondary school.
package enum AcademicLevel: String, Level {
  /// *Chưa đạt*, not passed.
  case notPassed = "CĐ"
  /// *Đạt*, passed.
  case passed = "Đ"
  /// *Khá*, fair.
  case fair = "K"
  /// *Tốt*, good.
  case good = "T"

  /// The Vietnamese name that is printed.
  package var name: String { fourLevelName(rawValue) }
}

private func fourLevelName(_ code: String) -> String {
  switch code {
  case "T": "Tốt"
  case "K": "Khá"
  case "Đ": "Đạt"
  default: "Chưa đạt"
  }
}

/// The result in a subject that is assessed by comments only, in lower secondary school.
package enum CommentLevel: String, Level {
  /// *Chưa đạt*, not passed.
  case notPassed = "CĐ"
  /// *Đạt*, passed.
  case passed = "Đ"

  /// The Vietnamese name that is printed.
  package var name: String { self == .passed ? "Đạt" : "Chưa đạt" }
}

/// The level reached in a subject of primary school.
package enum SubjectLevel: String, Level {
  /// *Chưa hoàn thành*, not completed.
  case notCompleted = "C"
  /// *Hoàn thành*, completed.
  case completed = "H"
  /// *Hoàn thành tốt*, completed well.
  case completedWell = "T"

  /// The Vietnamese name that is printed.
  package var name: String {
    switch self {
    case .notCompleted: "Chưa hoàn thành"
    case .completed: "Hoàn thành"
    case .completedWell: "Hoàn thành tốt"
    }
  }
}

/// The level reached in a quality or competency of primary school.
package enum TraitLevel: String, Level {
  /// *Cần cố gắng*, needs effort.
  case needsEffort = "C"
  /// *Đạt*, reached.
  case reached = "Đ"
  /// *Tốt*, good.
  case good = "T"

  /// The Vietnamese name that is printed.
  package var name: String {
    switch self {
    case .needsEffort: "Cần cố gắng"
    case .reached: "Đạt"
    case .good: "Tốt"
    }
  }
}

/// The result of a year (*kết quả giáo dục*) of primary school.
package enum PrimaryResult: String, Level {
  /// *Chưa hoàn thành*, not completed.
  case notCompleted = "CHT"
  /// *Hoàn thành*, completed.
  case completed = "HT"
  /// *Hoàn thành tốt*, completed well.
  case completedWell = "HTT"
  /// *Hoàn thành xuất sắc*, completed with excellence.
  case completedExcellently = "HTXS"

  /// The Vietnamese name that is printed.
  package var name: String {
    switch self {
    case .notCompleted: "Chưa hoàn thành"
    case .completed: "Hoàn thành"
    case .completedWell: "Hoàn thành tốt"
    case .completedExcellently: "Hoàn thành xuất sắc"
    }
  }
}

/// A title that the principal awards (*khen thưởng*) at the end of a year.
package enum Award: String, Sendable, Hashable, CaseIterable {
  /// *Học sinh Xuất sắc*, in both circulars.
  case excellent = "XUAT_SAC"
  /// *Học sinh Giỏi*, lower secondary.
  case good = "GIOI"
  /// *Học sinh Tiêu biểu …*, primary; proposed by people.
  case exemplary = "TIEU_BIEU"

  /// The title as it is printed.
  package var name: String {
    switch self {
    case .excellent: "Học sinh Xuất sắc"
    case .good: "Học sinh Giỏi"
    case .exemplary: "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện"
    }
  }
}
