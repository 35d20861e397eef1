import Assessment
import Roster
import ServiceKit
import Transcript

/// Everything that records hold of a class and its year, as it stood at one moment.
struct ClassRecord: Sendable {
  let head: ClassHead
  /// In the order of their codes.
  let students: [ClassStudent]
  let assignments: [SubjectCode: Assignment]
  /// By mark sheet, then by id of the pupil.
  let rows: [SheetKey: [String: MarkRow]]
  /// By term, then by id of the pupil; lower secondary.
  let conduct: [Term: [String: TermConduct]]
  /// The end of the year, by id of the pupil; primary.
  let traits: [String: YearTraits]
}

/// A class.
struct ClassHead: Sendable {
  let name: ClassName
  let schoolYear: SchoolYear
  let displayName: String
  let grade: Grade
  /// The class teacher (*giáo viên chủ nhiệm*).
  let teacher: StaffMember

  /// The class as documents have it.
  func schoolClass(of school: School) -> SchoolClass {
    SchoolClass(school: school, schoolYear: schoolYear, grade: grade, name: displayName)
  }
}

/// A pupil of a class.
struct ClassStudent: Sendable {
  let id: String
  /// Whether the pupil sits in the class, so that marks are due.
  let isAttending: Bool
  /// The pupil as documents have them.
  let pupil: Pupil

  var code: String { pupil.code }
  var displayName: String { pupil.name }
}

/// Who teaches a subject in a class (*phân công chuyên môn*).
struct Assignment: Sendable {
  let subject: SubjectCode
  let displayName: String
  let teacher: StaffMember
}

/// Conduct, attendance and the class teacher's comment of a term, lower secondary.
struct TermConduct: Sendable {
  let level: ConductLevel?
  let absences: Circular22.Absences?
  let comment: String
}

/// Qualities and competencies, with the class teacher's comment, primary.
struct YearTraits: Sendable {
  let levels: [Trait: TraitLevel]
  let comment: String
}

extension School {
  /// A school under the names of its day.
  ///
  /// - Parameter path: The school and the organisations above it, nearest first.
  init(_ path: [PublishedOrganization]) {
    func name(_ kind: String) -> String? { path.first { $0.kind == kind }?.displayName }
    self.init(
      code: path.first?.code ?? "",
      name: path.first?.displayName ?? "",
      district: name("DISTRICT"),
      province: name("PROVINCE")
    )
  }
}
