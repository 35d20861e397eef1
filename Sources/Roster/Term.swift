/// One of the two terms (*học kì*) of a school year.
package enum Term: String, Sendable, Hashable, CaseIterable, Comparable {
  /// The first term, 18 weeks.
  case first = "I"
  /// The second term, 17 weeks.
  case second = "II"

  /// Orders the terms by time.
  package static func < (left: Term, right: Term) -> Bool { left == .first && right == .second }
}

/// One of the four moments at which primary pupils are assessed (circular 27/2020).
package enum Period: String, Sendable, Hashable, CaseIterable, VietnameseNamed {
  /// The middle of term I.
  case middleOfFirstTerm = "ghk1"
  /// The end of term I.
  case endOfFirstTerm = "chk1"
  /// The middle of term II.
  case middleOfSecondTerm = "ghk2"
  /// The end of the year; only this one enters the transcript.
  case endOfYear = "cn"

  /// The names on the class summary sheet.
  package var names: [String] {
    switch self {
    case .middleOfFirstTerm: ["Giữa học kì I", "Giữa học kỳ I", "GHK1", "GHKI"]
    case .endOfFirstTerm: ["Cuối học kì I", "Cuối học kỳ I", "CHK1", "CHKI"]
    case .middleOfSecondTerm: ["Giữa học kì II", "Giữa học kỳ II", "GHK2", "GHKII"]
    case .endOfYear: ["Cuối năm học", "Cuối năm", "CN"]
    }
  }

  /// The term in which the moment lies.
  package var term: Term {
    switch self {
    case .middleOfFirstTerm, .endOfFirstTerm: .first
    case .middleOfSecondTerm, .endOfYear: .second
    }
  }
}
