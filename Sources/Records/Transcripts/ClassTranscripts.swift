import API
import Assessment
import Roster
import Transcript

/// The transcripts of a class, as its record and its signed mark sheets make them.
struct ClassTranscripts: Sendable {
  let documents: ClassDocuments
  /// Heads the school; `nil` while the roster names nobody.
  let principal: StaffMember?
  private let sheets: [SheetKey: (sheet: MarkSheet, version: DocumentVersion?)]

  private var record: ClassRecord { documents.record }

  /// Looks at every mark sheet of the class once, for all pupils.
  init(_ documents: ClassDocuments, principal: StaffMember?) throws(TranscriptError) {
    self.documents = documents
    self.principal = principal
    var sheets: [SheetKey: (MarkSheet, DocumentVersion?)] = [:]
    for sheet in documents.record.sheets {
      sheets[sheet.name.key] = (sheet, try documents.signedVersion(of: sheet))
    }
    self.sheets = sheets
  }

  /// The transcript of a pupil of the class.
  ///
  /// Its document is there when nothing is missing: the year is complete and all mark sheets that
  /// it stands on are signed as they are.
  func transcript(of student: ClassStudent) throws(TranscriptError) -> RecordsV1.Transcript {
    let evaluation = record.evaluate(student)
    let name = name(of: student)
    var transcript = RecordsV1.Transcript(
      name: name.text,
      schoolClass: record.head.name.text,
      result: record.result(of: student, evaluation, schoolCode: documents.school.code),
      openItems: resultItems(student, evaluation, name) + sheetItems(student)
    )
    guard transcript.openItems.isEmpty, let evaluation, let principal,
      let document = document(of: student, evaluation, principal)
    else { return transcript }
    let version = try documents.version(name.text) { (revision) throws(TranscriptError) in
      var document = document
      document.revision = revision
      return try document.canonicalXML()
    }
    transcript.payload = version.payload
    transcript.payloadDigest = version.digest
    return transcript
  }

  /// The name of a pupil's transcript.
  func name(of student: ClassStudent) -> TranscriptName {
    TranscriptName(
      student: StudentName(school: record.head.name.school, id: student.id),
      schoolYear: record.head.schoolYear
    )
  }

  private func document(
    of student: ClassStudent,
    _ evaluation: YearEvaluation,
    _ principal: StaffMember
  ) -> TranscriptDocument? {
    guard let ruleSet = record.ruleSet else { return nil }
    let comment =
      switch evaluation {
      case .primary: record.traits[student.id]?.comment
      case .lowerSecondary: record.conduct[.second]?[student.id]?.comment
      }
    return TranscriptDocument(
      schoolClass: record.head.schoolClass(of: documents.school),
      pupil: student.pupil,
      classTeacher: record.head.teacher,
      principal: principal,
      ruleSet: ruleSet.id,
      subjects: record.subjects(of: student).map { row($0, student) },
      results: evaluation.documentResults,
      comment: comment
    )
  }

  private func row(
    _ subject: Subject,
    _ student: ClassStudent
  ) -> TranscriptDocument.SubjectRow {
    TranscriptDocument.SubjectRow(
      code: subject.code,
      name: record.assignments[subject.code]?.displayName ?? subject.name,
      comment: record.row(subject, .second, student)?.comment,
      markSheets: Term.allCases.compactMap { term in
        let key = SheetKey(subject: subject.code, term: term)
        return sheets[key]?.version?.signed.map { signed in
          MarkSheetReference(
            term: term,
            id: "schools/\(record.head.name.school)/documents/\(signed.document)",
            digest: signed.digest,
            signer: signed.signer
          )
        }
      }
    )
  }

  // MARK: What is missing

  private func resultItems(
    _ student: ClassStudent,
    _ evaluation: YearEvaluation?,
    _ name: TranscriptName
  ) -> [RecordsV1.OpenItem] {
    var gaps = record.gaps(of: student, evaluation)
    if principal == nil { gaps.append("hiệu trưởng trong danh sách nhân sự") }
    guard !gaps.isEmpty || evaluation?.isComplete != true else { return [] }
    return [
      RecordsV1.OpenItem(
        reason: "RESULT_INCOMPLETE",
        description: "Chưa đủ để lập học bạ, còn thiếu: " + gaps.joined(separator: "; ") + ".",
        resource: name.text
      )
    ]
  }

  private func sheetItems(_ student: ClassStudent) -> [RecordsV1.OpenItem] {
    record.subjects(of: student).flatMap { subject in
      Term.allCases.compactMap { term in
        let key = SheetKey(subject: subject.code, term: term)
        return sheets[key].flatMap { item($0.sheet, $0.version?.state ?? .unsigned) }
      }
    }
  }

  private func item(
    _ sheet: MarkSheet,
    _ state: RecordsV1.MarkSheetState
  ) -> RecordsV1.OpenItem? {
    if state == .signed { return nil }
    let isStale = state == .stale
    let which = "môn \(sheet.displayName) học kì \(sheet.name.key.term.rawValue)"
    return RecordsV1.OpenItem(
      reason: isStale ? "MARK_SHEET_STALE" : "MARK_SHEET_UNSIGNED",
      description: isStale
        ? "Bảng điểm \(which) đã thay đổi sau khi ký, cần ký lại."
        : "Bảng điểm \(which) chưa được ký.",
      resource: sheet.name.text
    )
  }
}

extension YearEvaluation {
  fileprivate var documentResults: TranscriptDocument.Results {
    switch self {
    case .primary(let year): .primary(year)
    case .lowerSecondary(let year): .lowerSecondary(year)
    }
  }
}
