package import Roster

/// What a school has in a school year: what marks are compared with.
package struct KnownSchool: Sendable {
  /// What a row of marks says of a pupil must agree with this.
  package struct Pupil: Sendable, Hashable {
    /// The full name.
    package let name: String
    /// The date of birth.
    package let dateOfBirth: CivilDate
    /// The class in which the pupil sits.
    package let className: String

    /// Describes a pupil.
    package init(name: String, dateOfBirth: CivilDate, className: String) {
      self.name = name
      self.dateOfBirth = dateOfBirth
      self.className = className
    }
  }

  /// The school year.
  package var year: SchoolYear
  /// The grade of each class, by its name.
  package var classes: [String: Grade]
  /// The pupils by their codes.
  package var pupils: [String: Pupil]
  /// The subjects that are taught in each class, by its name; where a class is absent, those are
  /// expected that its grade must have.
  package var taught: [String: Set<SubjectCode>]
  /// The names that the school itself gives to subjects, such as *Tiếng Anh*.
  package var subjectNames: [SubjectCode: Set<String>]
  /// The subjects that there are.
  package var catalogue: SubjectCatalogue

  /// Describes a school.
  package init(
    year: SchoolYear,
    classes: [String: Grade],
    pupils: [String: Pupil],
    taught: [String: Set<SubjectCode>] = [:],
    subjectNames: [SubjectCode: Set<String>] = [:],
    catalogue: SubjectCatalogue
  ) {
    self.year = year
    self.classes = classes
    self.pupils = pupils
    self.taught = taught
    self.subjectNames = subjectNames
    self.catalogue = catalogue
  }

  /// What a school's own file says; `nil` when it has no class.
  package init?(_ roster: SchoolRoster, catalogue: SubjectCatalogue) {
    guard let year = roster.classes.first?.year else { return nil }
    self.init(year: year, classes: [:], pupils: [:], catalogue: catalogue)
    for each in roster.classes { classes[each.name] = each.grade }
    for each in roster.pupils {
      pupils[each.code] = Pupil(
        name: each.name,
        dateOfBirth: each.dateOfBirth,
        className: each.className
      )
    }
    for each in roster.assignments {
      taught[each.className, default: []].insert(each.subject)
      subjectNames[each.subject, default: []].formUnion(each.subjectName.map { [$0] } ?? [])
    }
  }
}

/// The subjects of a grade by the names that are in use for them.
struct SubjectNames {
  private let named: [(subject: Subject, keys: [String])]

  init(_ school: KnownSchool, grade: Grade) {
    named = school.catalogue.subjects(in: grade).map { subject in
      (subject, (subject.names + (school.subjectNames[subject.code] ?? [])).map { $0.key })
    }
  }

  /// The subject of a key, see ``Swift/String/key``.
  func subject(key: String) -> Subject? { named.first { $0.keys.contains(key) }?.subject }

  /// The subject whose sheet has a name, which may have been cut at 31 characters.
  func subject(sheet name: String) -> Subject? {
    let key = name.key
    if let exact = subject(key: key) { return exact }
    // Decomposed letters and a blank at the end count too where Excel cuts.
    guard name.utf16.count >= 30, !key.isEmpty else { return nil }
    let cut = named.filter { $0.keys.contains { $0.hasPrefix(key) } }
    return cut.count == 1 ? cut.first?.subject : nil
  }
}
