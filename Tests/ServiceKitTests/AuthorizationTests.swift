import Testing

@testable import ServiceKit

@Suite struct AuthorizationTests {
  private static let school = "school"
  private static let path = ["school", "district", "province", "ministry"]

  /// Who may do what by role, in the letters of `letter(_:)`; in parentheses, by relation.
  private static let table: [Action: String] = [
    .useService: "AOIPDCTS", .readOrganizations: "AOIPDCTS", .manageOrganizations: "A",
    .managePeople: "A (self)", .readPeople: "AOIPDC (self)", .manageCertificates: "APC (self)",
    .manageRollout: "AO", .readRoster: "OIPDCTS", .readStaff: "AOIPDCTS",
    .readStudentDetails: "PDC (class)", .importWorkbooks: "OPDC",
    .readMarks: "OIPDC (class) (subject)", .enterMarks: "(subject)",
    .computeResults: "OPDC (class)", .readResults: "OIPDCS (class)",
    .signAsSubjectTeacher: "(subject)", .signAsClassTeacher: "(class)", .signAsPrincipal: "PD",
    .applySeal: "PC", .sign: "PDCT", .readDocuments: "OIPDCS (class)", .readReports: "OIPDC",
  ]

  private static func letter(_ kind: RoleKind) -> String {
    switch kind {
    case .administrator: "A"
    case .officer: "O"
    case .inspector: "I"
    case .principal: "P"
    case .deputyPrincipal: "D"
    case .clerk: "C"
    case .teacher: "T"
    case .system: "S"
    }
  }

  private static func caller(_ roles: (RoleKind, String)...) -> Caller {
    Caller(
      id: "somebody",
      displayName: "Người thử",
      staffCode: "NS1",
      roles: roles.map { CallerRole(kind: $0.0, organization: $0.1) },
      expiry: 0
    )
  }

  private static func expected(_ action: Action) throws -> (roles: String, relations: Set<Relation>)
  {
    let entry = try #require(table[action])
    let words = entry.split(separator: " ")
    let roles = words.first { !$0.hasPrefix("(") } ?? ""
    var relations: Set<Relation> = []
    if entry.contains("(self)") { relations.insert(.itself) }
    if entry.contains("(class)") { relations.insert(.classTeacher) }
    if entry.contains("(subject)") { relations.insert(.subjectTeacher) }
    return (String(roles), relations)
  }

  @Test(arguments: Action.allCases)
  func `a role allows what the table says, at its place and below, and nowhere else`(
    action: Action
  ) throws {
    let roles = try Self.expected(action).roles
    for kind in RoleKind.allCases {
      let may = roles.contains(Self.letter(kind))
      for place in Self.path {
        let caller = Self.caller((kind, place))
        let here = Target(path: Self.path)
        #expect(Authorization.allows(action, on: here, by: caller) == may, "\(kind) at \(place)")
        let above = Target(path: ["other", "district"])
        let mayThere = may && place == "district"
        #expect(Authorization.allows(action, on: above, by: caller) == mayThere, "\(kind) \(place)")
        #expect(!Authorization.allows(action, on: Target(path: []), by: caller))
      }
    }
  }

  @Test(arguments: Action.allCases)
  func `a relation allows what the table says to those who teach there`(action: Action) throws {
    let (roles, relations) = try Self.expected(action)
    for kind in RoleKind.allCases where !roles.contains(Self.letter(kind)) {
      let teaches = [RoleKind.teacher, .principal, .deputyPrincipal].contains(kind)
      for relation in [Relation.classTeacher, .subjectTeacher] {
        let target = Target(path: Self.path, relations: [relation])
        let may = teaches && relations.contains(relation)
        let caller = Self.caller((kind, Self.school))
        #expect(Authorization.allows(action, on: target, by: caller) == may, "\(kind) \(relation)")
        let elsewhere = Self.caller((kind, "other"))
        #expect(!Authorization.allows(action, on: target, by: elsewhere))
      }
    }
  }

  @Test(arguments: Action.allCases)
  func `one's own account is one's own, wherever one's role is`(action: Action) throws {
    let (_, relations) = try Self.expected(action)
    let own = Target(path: [], relations: [.itself])
    let caller = Self.caller((.teacher, "anywhere"))
    let may = relations.contains(.itself)
    #expect(Authorization.allows(action, on: own, by: caller) == may)
  }

  @Test(arguments: Action.allCases)
  func `what could be allowed somewhere is let in, and nothing else`(action: Action) throws {
    for kind in RoleKind.allCases {
      let caller = Self.caller((kind, Self.school))
      let all: [Set<Relation>] = [[], [.itself], [.classTeacher], [.subjectTeacher]]
      let couldBe = all.contains { relations in
        let target = Target(path: Self.path, relations: relations)
        return Authorization.allows(action, on: target, by: caller)
      }
      #expect(Authorization.mayAllow(action, by: caller) == couldBe, "\(kind)")
    }
    #expect(!Authorization.mayAllow(action, by: Self.caller()))
  }
}
