package import Assessment
package import Roster

/// The marks of a class in one subject and term, which the subject teacher signs.
package struct MarkSheetDocument: Sendable, Hashable {
  /// Which mark of a term.
  package enum Slot: Sendable, Hashable {
    /// A regular mark (*ĐĐGtx*), by its place from 1; lower secondary.
    case regular(Int)
    /// The mid-term mark (*ĐĐGgk*); lower secondary.
    case midTerm
    /// The end-of-term mark (*ĐĐGck*); lower secondary.
    case endOfTerm
    /// The level at one of the year's four moments; primary.
    case level(Period)
    /// The test at one of the year's four moments (*điểm KTĐK*); primary.
    case test(Period)
  }

  /// What stands as a mark; a mark that nobody has entered is left out.
  package enum Value: Sendable, Hashable {
    /// A score.
    case score(Score)
    /// Passed or not.
    case comment(CommentLevel)
    /// A level of primary school.
    case level(SubjectLevel)
    /// The points of a test of primary school.
    case test(TestScore)
    /// Missed for good reason, to be made up.
    case pendingMakeUp
    /// Missed without reason.
    case absentWithoutReason
  }

  /// One mark.
  package struct Mark: Sendable, Hashable {
    /// Which mark.
    package var slot: Slot
    /// What stands there.
    package var value: Value

    /// Puts a mark together.
    package init(_ slot: Slot, _ value: Value) {
      self.slot = slot
      self.value = value
    }
  }

  /// What the circular makes of a pupil's marks in the term.
  package enum Result: Sendable, Hashable {
    /// The average of a scored subject (*ĐTBmhk*).
    case average(Score)
    /// The result of a subject that is assessed by comments only.
    case comment(CommentLevel)
  }

  /// A pupil's row.
  package struct Row: Sendable, Hashable {
    /// The code of the pupil.
    package var pupilCode: String
    /// The name of the pupil.
    package var pupilName: String
    /// The marks, in the order of the mark book.
    package var marks: [Mark]
    /// The term's result; `nil` in primary school and while a mark is missing.
    package var result: Result?
    /// The teacher's comment.
    package var comment: String?

    /// Puts a row together.
    package init(
      pupilCode: String,
      pupilName: String,
      marks: [Mark],
      result: Result? = nil,
      comment: String? = nil
    ) {
      self.pupilCode = pupilCode
      self.pupilName = pupilName
      self.marks = marks
      self.result = result
      self.comment = comment
    }
  }

  /// The class and year.
  package var schoolClass: SchoolClass
  /// The subject.
  package var subject: SubjectCode
  /// The name of the subject as the school calls it.
  package var subjectName: String
  /// How the subject is assessed.
  package var kind: AssessmentKind
  /// The term.
  package var term: Term
  /// The teacher who signs.
  package var teacher: StaffMember
  /// The rows, in the order of the class list.
  package var rows: [Row]
  /// Which version this is.
  package var revision: Revision

  /// Puts a mark sheet together.
  package init(
    schoolClass: SchoolClass,
    subject: SubjectCode,
    subjectName: String,
    kind: AssessmentKind,
    term: Term,
    teacher: StaffMember,
    rows: [Row],
    revision: Revision = Revision()
  ) {
    self.schoolClass = schoolClass
    self.subject = subject
    self.subjectName = subjectName
    self.kind = kind
    self.term = term
    self.teacher = teacher
    self.rows = rows
    self.revision = revision
  }

  /// The payload to be signed: bytes that are their own exclusive canonical form.
  ///
  /// The same value always gives the same bytes. Texts go in as they are: NFC is the caller's duty.
  /// - Returns: The element `hb:Payload` of the schema `proto/schema/hocba-document-1.xsd`.
  /// - Throws: `TranscriptError` for a text that XML cannot carry and for a malformed digest.
  package func canonicalXML() throws(TranscriptError) -> [UInt8] {
    let revision = try revision.element()
    let sheet = Element(
      "MarkSheet",
      ["schemaVersion": "\(TranscriptDocument.schemaVersion)"],
      of: [Element("Title", text: "Bảng điểm"), revision] + schoolClass.elements
        + [
          Element(
            "Subject",
            ["code": subject.rawValue, "kind": kind.rawValue],
            of: [Element("Name", text: subjectName)]
          ),
          Element("Term", ["code": term.rawValue], text: "Học kì \(term.rawValue)"),
          Element("Rows", of: rows.map(\.element)),
          teacher.element("SubjectTeacher"),
        ]
    )
    return try sheet.payload()
  }
}

// MARK: As elements

extension MarkSheetDocument.Row {
  fileprivate var element: Element {
    let result: Element? =
      switch self.result {
      case .average(let average): Element("Average", text: average.text)
      case .comment(let level): level.element("Result")
      case nil: nil
      }
    return Element(
      "Row",
      ["code": pupilCode],
      of: [Element("Name", text: pupilName)] + marks.map(\.element)
        + [result, .optional("Comment", text: comment)]
    )
  }
}

extension MarkSheetDocument.Mark {
  fileprivate var element: Element {
    var attributes = slot.attributes
    switch value {
    case .score(let score): return Element("Mark", attributes, text: score.text)
    case .test(let score): return Element("Mark", attributes, text: "\(score.points)")
    case .comment(let level): return level.element("Mark", attributes)
    case .level(let level): return level.element("Mark", attributes)
    case .pendingMakeUp:
      attributes["state"] = "pending-make-up"
      return Element("Mark", attributes, text: "Chờ kiểm tra bù")
    case .absentWithoutReason:
      attributes["state"] = "absent-without-reason"
      return Element("Mark", attributes, text: "Vắng không có lí do")
    }
  }
}

extension MarkSheetDocument.Slot {
  fileprivate var attributes: [String: String] {
    switch self {
    case .regular(let place):
      ["label": "ĐĐGtx \(place)", "ordinal": "\(place)", "slot": "regular"]
    case .midTerm: ["label": "ĐĐGgk", "slot": "mid-term"]
    case .endOfTerm: ["label": "ĐĐGck", "slot": "end-of-term"]
    case .level(let period):
      ["label": "Mức đạt được, \(period.name)", "period": period.rawValue, "slot": "level"]
    case .test(let period):
      ["label": "Điểm KTĐK, \(period.name)", "period": period.rawValue, "slot": "test"]
    }
  }
}
