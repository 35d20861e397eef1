import Assessment
package import Roster

/// A school with the names of its day.
package struct School: Sendable, Hashable {
  /// The code of the school, opaque.
  package var code: String
  /// The name.
  package var name: String
  /// The name of the district; `nil` after July 2025.
  package var district: String?
  /// The name of the province.
  package var province: String?

  /// Describes a school.
  package init(code: String, name: String, district: String? = nil, province: String? = nil) {
    self.code = code
    self.name = name
    self.district = district
    self.province = province
  }
}

/// The class and year that a document is about.
package struct SchoolClass: Sendable, Hashable {
  /// The school.
  package var school: School
  /// The school year.
  package var schoolYear: SchoolYear
  /// The grade.
  package var grade: Grade
  /// The name of the class, for example `6A1`.
  package var name: String

  /// Describes a class.
  package init(school: School, schoolYear: SchoolYear, grade: Grade, name: String) {
    self.school = school
    self.schoolYear = schoolYear
    self.grade = grade
    self.name = name
  }
}

/// A member of the staff who answers for a document.
package struct StaffMember: Sendable, Hashable {
  /// The code of the person, opaque.
  package var code: String
  /// The full name.
  package var name: String

  /// Describes a member of the staff.
  package init(code: String, name: String) {
    self.code = code
    self.name = name
  }
}

/// A pupil as the register has them.
package struct Pupil: Sendable, Hashable {
  /// The code of the pupil (*mã học sinh*).
  package var code: String
  /// The full name.
  package var name: String
  /// The day of birth.
  package var dateOfBirth: CivilDate
  /// The sex.
  package var sex: Sex
  /// The ethnic group.
  package var ethnicGroup: EthnicGroup?
  /// The place of birth as the birth certificate has it.
  package var birthplace: String?
  /// The personal identification number.
  package var personalID: PersonalID?

  /// Describes a pupil.
  package init(
    code: String,
    name: String,
    dateOfBirth: CivilDate,
    sex: Sex,
    ethnicGroup: EthnicGroup? = nil,
    birthplace: String? = nil,
    personalID: PersonalID? = nil
  ) {
    self.code = code
    self.name = name
    self.dateOfBirth = dateOfBirth
    self.sex = sex
    self.ethnicGroup = ethnicGroup
    self.birthplace = birthplace
    self.personalID = personalID
  }
}

/// Which version of a document this is; a correction is a new revision with new signatures.
package struct Revision: Sendable, Hashable {
  /// The number, from 1.
  package var number: Int
  /// The digest of the payload that it replaces, SHA-256 in small hexadecimal digits.
  package var replacedDigest: String?

  /// Describes a revision.
  package init(number: Int = 1, replacedDigest: String? = nil) {
    self.number = number
    self.replacedDigest = replacedDigest
  }
}

/// The signed mark sheet from which a row of a transcript comes.
package struct MarkSheetReference: Sendable, Hashable {
  /// The term of the sheet.
  package var term: Term
  /// The resource name of the sheet.
  package var id: String
  /// The digest of the sheet's payload, SHA-256 in small hexadecimal digits.
  package var digest: String
  /// The name of the teacher who signed it.
  package var signer: String

  /// Names a mark sheet.
  package init(term: Term, id: String, digest: String, signer: String) {
    self.term = term
    self.id = id
    self.digest = digest
    self.signer = signer
  }
}

// MARK: As elements

extension SchoolClass {
  var elements: [Element] {
    [
      Element(
        "School",
        ["code": school.code],
        of: [
          Element("Name", text: school.name),
          .optional("District", text: school.district),
          .optional("Province", text: school.province),
        ]
      ),
      Element("SchoolYear", text: schoolYear.description),
      Element("Class", ["grade": "\(grade.rawValue)"], text: name),
    ]
  }
}

extension StaffMember {
  func element(_ name: String) -> Element { Element(name, ["code": code], text: self.name) }
}

extension Pupil {
  var element: Element {
    Element(
      "Pupil",
      ["code": code],
      of: [
        Element("Name", text: name),
        Element("DateOfBirth", text: dateOfBirth.description),
        Element("Sex", ["code": sex.rawValue], text: sex.name),
        ethnicGroup.map { Element("EthnicGroup", ["code": $0.code], text: $0.name) },
        .optional("Birthplace", text: birthplace),
        .optional("PersonalID", text: personalID?.description),
      ]
    )
  }
}

extension Revision {
  func element() throws(TranscriptError) -> Element {
    guard let replacedDigest else { return Element("Revision", text: "\(number)") }
    let digest = try checkedDigest(replacedDigest)
    return Element("Revision", ["replacedDigest": digest], text: "\(number)")
  }
}

extension MarkSheetReference {
  func element() throws(TranscriptError) -> Element {
    Element(
      "SignedMarkSheet",
      ["digest": try checkedDigest(digest), "id": id, "term": term.rawValue],
      text: signer
    )
  }
}

extension Level {
  /// The level by code and by name.
  func element(_ name: String, _ attributes: [String: String] = [:]) -> Element {
    Element(name, attributes.merging(["code": rawValue]) { $1 }, text: self.name)
  }
}

private func checkedDigest(_ text: String) throws(TranscriptError) -> String {
  let isDigest =
    text.utf8.count == 64
    && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  guard isDigest else { throw .malformedDigest(text) }
  return text
}
