import Assessment
import Roster

// MARK: Lower secondary school

extension TranscriptDocument {
  func elements(_ year: Circular22.YearResult) throws(TranscriptError) -> [Element?] {
    try matchRows(with: year.results.subjects)
    guard let conduct = year.conduct, let firstConduct = year.firstTerm.conduct,
      let secondConduct = year.secondTerm.conduct
    else { throw .missingResult(element: "Conduct") }
    guard let academic = year.academic, let firstAcademic = year.firstTerm.academic,
      let secondAcademic = year.secondTerm.academic
    else { throw .missingResult(element: "Academic") }
    guard let absences = year.absences else { throw .missingResult(element: "Absences") }
    guard let promotion = year.promotion else { throw .missingResult(element: "Promotion") }

    var rows: [Element] = []
    for row in subjects { rows.append(try element(row, year)) }
    // The form prints what the summer changed beside what the year had been.
    let trained = year.conductAfterSummer.flatMap { $0 == conduct.outcome ? nil : $0 }
    let hasReassessed = !year.reassessed.subjects.isEmpty
    return [
      Element("Subjects", of: rows),
      Element(
        "Conduct",
        of: [
          firstConduct.element("TermI"),
          secondConduct.element("TermII"),
          conduct.outcome.element("Year"),
          trained?.element("AfterTraining"),
        ]
      ),
      Element(
        "Academic",
        of: [
          firstAcademic.element("TermI"),
          secondAcademic.element("TermII"),
          academic.element("Year"),
          hasReassessed ? year.academicAfterSummer?.element("AfterReassessment") : nil,
        ]
      ),
      Element(
        "Absences",
        ["excused": "\(absences.excused)", "unexcused": "\(absences.unexcused)"],
        text: "\(absences.total)"
      ),
      promotionElement(promotion.outcome.isPromoted, promotion.basis),
      awardElement(year.award),
    ]
  }

  private func element(
    _ row: SubjectRow,
    _ year: Circular22.YearResult
  ) throws(TranscriptError) -> Element {
    let kind: AssessmentKind = year.results.averages[row.code] != nil ? .scored : .comment
    return try element(
      row,
      kind,
      [
        result("TermI", of: row.code, in: year.firstTerm.results),
        result("TermII", of: row.code, in: year.secondTerm.results),
        result("Year", of: row.code, in: year.results),
        result("Reassessed", of: row.code, in: year.reassessed),
      ]
    )
  }

  private func result(
    _ name: String,
    of subject: SubjectCode,
    in results: SubjectResults
  ) -> Element? {
    results.averages[subject].map { Element(name, text: $0.text) }
      ?? results.comments[subject]?.element(name)
  }
}

extension AcademicResult {
  fileprivate func element(_ name: String) -> Element {
    level.element(name, ["adjusted": "\(isAdjusted)"])
  }
}

// MARK: Primary school

extension TranscriptDocument {
  func elements(_ year: Circular27.YearResult) throws(TranscriptError) -> [Element?] {
    try matchRows(with: year.levels.keys.sorted())
    guard let result = year.result, let completion = year.completion else {
      throw .missingResult(element: "Result")
    }
    var rows: [Element] = []
    for row in subjects {
      rows.append(
        try element(
          row,
          .level,
          [
            year.levels[row.code]?.element("Level"),
            year.tests[row.code].map { Element("Test", text: "\($0.points)") },
          ]
        )
      )
    }
    let traits = Trait.allCases.compactMap { trait in
      year.traits[trait].map { level in
        Element(
          "Trait",
          ["code": trait.rawValue, "group": trait.group.rawValue],
          of: [Element("Name", text: trait.name), level.element("Level")]
        )
      }
    }
    return [
      Element("Subjects", of: rows),
      Element("Traits", of: traits),
      result.outcome.element("Result"),
      Element(
        "Completion",
        ["code": completion.outcome.rawValue],
        text: completion.outcome.name
      ),
      year.promotion.map { promotionElement($0.outcome, $0.basis) },
      awardElement(year.award),
    ]
  }
}

// MARK: Both

extension TranscriptDocument {
  private func matchRows(with subjects: [SubjectCode]) throws(TranscriptError) {
    let rows = self.subjects.map(\.code)
    let unmatched = Set(rows).symmetricDifference(subjects).min()
    if let unmatched { throw .rowsDoNotMatch(unmatched) }
    let twice = rows.first { code in rows.count { $0 == code } > 1 }
    if let twice { throw .rowsDoNotMatch(twice) }
  }

  private func element(
    _ row: SubjectRow,
    _ kind: AssessmentKind,
    _ results: [Element?]
  ) throws(TranscriptError) -> Element {
    var sheets: [Element] = []
    for sheet in row.markSheets { sheets.append(try sheet.element()) }
    return Element(
      "Subject",
      ["code": row.code.rawValue, "kind": kind.rawValue],
      of: [Element("Name", text: row.name)] + results
        + [.optional("Comment", text: row.comment)] + sheets
    )
  }

  private func promotionElement(_ isPromoted: Bool, _ basis: Citation) -> Element {
    let text =
      switch (isPromoted, schoolClass.grade.rawValue) {
      case (true, 9): "Hoàn thành chương trình trung học cơ sở"
      case (true, _): "Được lên lớp"
      case (false, _): "Không được lên lớp"
      }
    return Element(
      "Promotion",
      ["basis": basis.text, "promoted": "\(isPromoted)"],
      text: text
    )
  }

  private func awardElement(_ award: Decision<Award?>?) -> Element? {
    award?.outcome.map { Element("Award", ["code": $0.rawValue], text: $0.name) }
  }
}
