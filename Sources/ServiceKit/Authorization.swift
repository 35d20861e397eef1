/// What a caller may want to do; each RPC stands for one of these.
package enum Action: String, Sendable, CaseIterable {
  /// See one's own session, the catalogue, the policies: any role will do.
  case useService
  /// Create and change organisations.
  case manageOrganizations
  /// See organisations.
  case readOrganizations
  /// Create and change people, roles and passwords of others.
  case managePeople
  /// See people and their roles.
  case readPeople
  /// Register and retire certificates.
  case manageCertificates
  /// Change which grades have electronic transcripts.
  case manageRollout
  /// See classes, pupils' names, assignments.
  case readRoster
  /// See a school's staff, from whom accounts are made.
  case readStaff
  /// See a pupil's address, guardian, origin and personal id.
  case readStudentDetails
  /// Bring in workbooks.
  case importWorkbooks
  /// See marks.
  case readMarks
  /// Enter and correct marks.
  case enterMarks
  /// Have results computed.
  case computeResults
  /// See results and transcripts.
  case readResults
  /// Sign a mark sheet as the subject's teacher.
  case signAsSubjectTeacher
  /// Sign a transcript as the class teacher.
  case signAsClassTeacher
  /// Sign a transcript as, or for, the principal.
  case signAsPrincipal
  /// Apply the school's seal.
  case applySeal
  /// Prepare and complete signatures in one of the capacities above.
  case sign
  /// See signed documents.
  case readDocuments
  /// See counts.
  case readReports
}

/// Kinds of role, as `hocba.identity.v1.RoleKind` has them without the prefix.
package enum RoleKind: String, Sendable, CaseIterable, Codable {
  case administrator = "ADMINISTRATOR"
  case officer = "OFFICER"
  case inspector = "INSPECTOR"
  case principal = "PRINCIPAL"
  case deputyPrincipal = "DEPUTY_PRINCIPAL"
  case clerk = "CLERK"
  case teacher = "TEACHER"
  case system = "SYSTEM"
}

/// What the caller is to the thing itself, besides any role.
package enum Relation: Sendable, Hashable {
  /// It is the caller's own account.
  case itself
  /// The caller is the class teacher (*giáo viên chủ nhiệm*) of the class concerned.
  case classTeacher
  /// The caller teaches the subject concerned in the class concerned.
  case subjectTeacher
}

/// What an action is about: where it is in the tree, and what the caller is to it.
package struct Target: Sendable {
  /// The organisation and all above it, nearest first; empty if it does not exist.
  package let path: [OrganizationID]
  /// What the caller is to the thing.
  package let relations: Set<Relation>

  /// Makes a target.
  package init(path: [OrganizationID], relations: Set<Relation> = []) {
    self.path = path
    self.relations = relations
  }
}

extension RoleKind {
  /// Who may be assigned to classes and subjects: teachers, and heads who teach too.
  static let teaching: Set<RoleKind> = [.teacher, .principal, .deputyPrincipal]
}

/// The one place where it is decided who may do what.
package enum Authorization {
  /// Who may do an action: holders of a role in the organisation or above it, and those who stand
  /// in a relation to the thing and teach in its organisation.
  struct Rule {
    let roles: Set<RoleKind>
    let relations: Set<Relation>
  }

  /// Decides whether a caller may do something.
  package static func allows(_ action: Action, on target: Target, by caller: Caller) -> Bool {
    let rule = rule(for: action)
    let here = caller.roles.filter { target.path.contains($0.organization) }
    if here.contains(where: { rule.roles.contains($0.kind) }) { return true }
    if target.relations.contains(.itself), rule.relations.contains(.itself) { return true }
    return here.contains { RoleKind.teaching.contains($0.kind) }
      && !rule.relations.isDisjoint(with: target.relations)
  }

  /// Whether a caller could do something anywhere: what is asked before a request is read.
  package static func mayAllow(_ action: Action, by caller: Caller) -> Bool {
    let rule = rule(for: action)
    if rule.relations.contains(.itself) { return !caller.roles.isEmpty }
    return caller.roles.contains { role in
      rule.roles.contains(role.kind)
        || (!rule.relations.isEmpty && RoleKind.teaching.contains(role.kind))
    }
  }

  /// Who may do what.
  ///
  /// Offices direct and count, schools keep their own records, and teachers act
  /// for the classes and subjects that they are assigned to (charters 28/2020 and 32/2020).
  static func rule(for action: Action) -> Rule {
    let school: Set<RoleKind> = [.principal, .deputyPrincipal, .clerk]
    let readers = school.union([.officer, .inspector])
    switch action {
    case .useService, .readOrganizations: return Rule(roles: Set(RoleKind.allCases), relations: [])
    case .manageOrganizations: return Rule(roles: [.administrator], relations: [])
    case .managePeople: return Rule(roles: [.administrator], relations: [.itself])
    case .readPeople:
      return Rule(roles: readers.union([.administrator]), relations: [.itself])
    case .manageCertificates:
      return Rule(roles: [.principal, .clerk, .administrator], relations: [.itself])
    case .manageRollout: return Rule(roles: [.administrator, .officer], relations: [])
    case .readRoster: return Rule(roles: readers.union([.teacher, .system]), relations: [])
    case .readStaff:
      return Rule(roles: readers.union([.teacher, .system, .administrator]), relations: [])
    case .readStudentDetails: return Rule(roles: school, relations: [.classTeacher])
    case .importWorkbooks: return Rule(roles: school.union([.officer]), relations: [])
    case .readMarks: return Rule(roles: readers, relations: [.classTeacher, .subjectTeacher])
    case .enterMarks, .signAsSubjectTeacher: return Rule(roles: [], relations: [.subjectTeacher])
    case .computeResults: return Rule(roles: school.union([.officer]), relations: [.classTeacher])
    case .readResults: return Rule(roles: readers.union([.system]), relations: [.classTeacher])
    case .signAsClassTeacher: return Rule(roles: [], relations: [.classTeacher])
    case .signAsPrincipal: return Rule(roles: [.principal, .deputyPrincipal], relations: [])
    case .applySeal: return Rule(roles: [.principal, .clerk], relations: [])
    case .sign: return Rule(roles: school.union([.teacher]), relations: [])
    case .readDocuments: return Rule(roles: readers.union([.system]), relations: [.classTeacher])
    case .readReports: return Rule(roles: readers, relations: [])
    }
  }
}
