package import Assessment
package import Roster

/// The transcript (*học bạ*) of a pupil for a school year: what is signed and issued.
package struct TranscriptDocument: Sendable, Hashable {
  /// The version of the schema, which also is in the namespace.
  package static let schemaVersion = 1

  /// A row of the table of subjects; its results are those of the year.
  package struct SubjectRow: Sendable, Hashable {
    /// The subject.
    package var code: SubjectCode
    /// The name as the school calls it.
    package var name: String
    /// The teacher's comment.
    package var comment: String?
    /// The signed mark sheets from which the results come, in the order of the terms.
    package var markSheets: [MarkSheetReference]

    /// Describes a row.
    package init(
      code: SubjectCode,
      name: String,
      comment: String? = nil,
      markSheets: [MarkSheetReference] = []
    ) {
      self.code = code
      self.name = name
      self.comment = comment
      self.markSheets = markSheets
    }
  }

  /// What the circular of the pupil's level makes of the year.
  package enum Results: Sendable, Hashable {
    /// Circular 22/2021.
    case lowerSecondary(Circular22.YearResult)
    /// Circular 27/2020.
    case primary(Circular27.YearResult)
  }

  /// The class and year.
  package var schoolClass: SchoolClass
  /// The pupil.
  package var pupil: Pupil
  /// The class teacher, who signs first.
  package var classTeacher: StaffMember
  /// The principal, who confirms.
  package var principal: StaffMember
  /// The id of the rule set that was applied.
  package var ruleSet: String
  /// The rows of subjects, in the order of the form.
  package var subjects: [SubjectRow]
  /// The results.
  package var results: Results
  /// The class teacher's comment.
  package var comment: String?
  /// Which version this is.
  package var revision: Revision

  /// Puts a transcript together.
  package init(
    schoolClass: SchoolClass,
    pupil: Pupil,
    classTeacher: StaffMember,
    principal: StaffMember,
    ruleSet: String,
    subjects: [SubjectRow],
    results: Results,
    comment: String? = nil,
    revision: Revision = Revision()
  ) {
    self.schoolClass = schoolClass
    self.pupil = pupil
    self.classTeacher = classTeacher
    self.principal = principal
    self.ruleSet = ruleSet
    self.subjects = subjects
    self.results = results
    self.comment = comment
    self.revision = revision
  }

  /// The payload to be signed: bytes that are their own exclusive canonical form.
  ///
  /// The same value always gives the same bytes. Texts go in as they are: NFC is the caller's duty.
  /// - Returns: The element `hb:Payload` of the schema `proto/schema/hocba-document-1.xsd`.
  /// - Throws: `TranscriptError` when the year is not complete, when rows and results do not match,
  ///   and for a text that XML cannot carry.
  package func canonicalXML() throws(TranscriptError) -> [UInt8] {
    let results: [Element?] =
      switch (self.results, schoolClass.grade.level) {
      case (.lowerSecondary(let year), .lowerSecondary): try elements(year)
      case (.primary(let year), .primary): try elements(year)
      default: throw .wrongLevel(schoolClass.grade)
      }
    let revision = try revision.element()
    let transcript = Element(
      "Transcript",
      ["ruleSet": ruleSet, "schemaVersion": "\(Self.schemaVersion)"],
      of: [Element("Title", text: "Học bạ"), revision] + schoolClass.elements
        + [pupil.element] + results
        + [
          .optional("ClassTeacherComment", text: comment),
          classTeacher.element("ClassTeacher"),
          principal.element("Principal"),
        ]
    )
    return try transcript.payload()
  }
}
