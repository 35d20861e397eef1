import Assessment
import Roster
import Transcript

extension MarkSheet {
  /// The document to be signed; `nil` while there is nobody to sign it or nobody in it.
  func document(of schoolClass: SchoolClass) -> MarkSheetDocument? {
    let listed = listed
    guard let teacher, !listed.isEmpty else { return nil }
    return MarkSheetDocument(
      schoolClass: schoolClass,
      subject: subject.code,
      subjectName: displayName,
      kind: subject.kind,
      term: name.key.term,
      teacher: teacher,
      rows: listed.map { student in
        let row = rows[student.id]
        return MarkSheetDocument.Row(
          pupilCode: student.code,
          pupilName: student.displayName,
          marks: row?.marks.compactMap { .init($0, name.key.term) } ?? [],
          result: result(row),
          comment: row?.comment
        )
      }
    )
  }
}

extension MarkSheetDocument.Mark {
  /// A mark as the document has it; the store gives none that it could not have.
  fileprivate init?(_ mark: Mark, _ term: Term) {
    guard let value = MarkSheetDocument.Value(mark),
      let slot = MarkSheetDocument.Slot(mark, term)
    else { return nil }
    self.init(slot, value)
  }
}

extension MarkSheetDocument.Slot {
  fileprivate init?(_ mark: Mark, _ term: Term) {
    let periods = Period.all(in: term)
    switch mark.slot {
    case .regular: self = .regular(mark.ordinal)
    case .midTerm: self = .midTerm
    case .endOfTerm: self = .endOfTerm
    case .midTermLevel, .endOfTermLevel:
      guard let period = periods.first(where: { MarkSlot.level(at: $0) == mark.slot }) else {
        return nil
      }
      self = .level(period)
    case .midTermTest, .endOfTermTest:
      guard let period = periods.first(where: { MarkSlot.test(at: $0) == mark.slot }) else {
        return nil
      }
      self = .test(period)
    }
  }
}

extension MarkSheetDocument.Value {
  fileprivate init?(_ mark: Mark) {
    switch mark.value {
    case .score(let score) where mark.slot.isTest:
      guard let points = TestScore(points: score.tenths / 10) else { return nil }
      self = .test(points)
    case .score(let score): self = .score(score)
    case .level(let code) where mark.slot.isLevel:
      guard let level = SubjectLevel(rawValue: code) else { return nil }
      self = .level(level)
    case .level(let code):
      guard let level = CommentLevel(rawValue: code) else { return nil }
      self = .comment(level)
    case .absent(.pendingMakeUp): self = .pendingMakeUp
    case .absent(.withoutReason): self = .absentWithoutReason
    }
  }
}
