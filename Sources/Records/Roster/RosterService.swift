import API
import Roster
import ServiceKit

/// Who is at a school: `hocba.records.v1.RosterService`.
struct RosterService: RecordsV1.RosterServiceProvider {
  let kit: Kit
  let pages: PageTokens

  /// `rpc ListStaff`.
  func listStaff(
    _ request: RecordsV1.ListStaffRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListStaffResponse {
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    let grant = try await call.authorize(on: school)
    // Accounts are made from this list and certificates matched by the number, so those see it who
    // may see people and their accounts: the administrator, the offices, the heads of the school.
    let showsPersonalID = Authorization.allows(
      .readPeople,
      on: Target(path: try await kit.path(of: school)),
      by: try call.caller
    )
    let staff = try await call.listedStaff(grant, of: school)
    return RecordsV1.ListStaffResponse(
      staff: staff.map { RecordsV1.StaffMember($0, school, showsPersonalID: showsPersonalID) }
    )
  }

  /// `rpc ListClasses`.
  func listClasses(
    _ request: RecordsV1.ListClassesRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListClassesResponse {
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    let grant = try await call.authorize(on: school)
    let year = try SchoolYear(requested: request.schoolYear)
    let classes = try await call.listedClasses(grant, of: school, in: year)
    return RecordsV1.ListClassesResponse(
      classes: classes.map { RecordsV1.SchoolClass($0, school, year) }
    )
  }

  /// `rpc ListStudents`.
  func listStudents(
    _ request: RecordsV1.ListStudentsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListStudentsResponse {
    let name = try call.className(request.parent, field: "parent")
    let grant = try await call.authorize(on: name.school)
    guard let head = try await call.listedClass(grant, name) else { throw Problem.notAllowed }
    let isFull = request.view == .full
    if isFull { try await authorizeDetails(call, on: name.school, classTeacher: head.classTeacher) }
    let size = try PageTokens.size(request.pageSize)
    let arguments = [request.parent, "\(request.view.rawValue)"]
    let after = try pages.key(of: request.pageToken, arguments: arguments)

    // One more than asked tells whether there is another page.
    let found = try await call.listedStudents(grant, of: name, after: after, limit: size + 1)
    let students = found.prefix(size).map {
      RecordsV1.Student($0, name.school, isFull: isFull)
    }
    if isFull { try await call.auditReading(grant, students.map(\.name)) }
    let next = found.count > size ? students.last?.code : nil
    return RecordsV1.ListStudentsResponse(
      students: students,
      nextPageToken: next.map { pages.make(after: $0, arguments: arguments) } ?? ""
    )
  }

  /// `rpc GetStudent`.
  func getStudent(
    _ request: RecordsV1.GetStudentRequest,
    _ call: Call
  ) async throws -> RecordsV1.Student {
    let name = try call.studentName(request.name, field: "name")
    let grant = try await call.authorize(on: name.school)
    guard let student = try await call.listedStudent(grant, name) else { throw Problem.notAllowed }
    let isFull = request.view == .full
    if isFull {
      try await authorizeDetails(call, on: name.school, classTeacher: student.classTeacher)
      try await call.auditReading(grant, [name.text])
    }
    return RecordsV1.Student(student, name.school, isFull: isFull)
  }

  /// `rpc ListAssignments`.
  func listAssignments(
    _ request: RecordsV1.ListAssignmentsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListAssignmentsResponse {
    let name = try call.className(request.parent, field: "parent")
    let grant = try await call.authorize(on: name.school)
    guard let head = try await call.listedClass(grant, name) else { throw Problem.notAllowed }
    let assignments = try await call.listedAssignments(grant, of: name)
    let subjects = Grade(rawValue: head.grade).map(SubjectCatalogue.curriculum2018.subjects)
    let order = (subjects ?? []).map(\.code.rawValue)
    let place = { (assignment: RecordsV1.Assignment) in
      order.firstIndex(of: assignment.subject) ?? order.count
    }
    return RecordsV1.ListAssignmentsResponse(
      assignments: assignments.map(RecordsV1.Assignment.init).sorted { place($0) < place($1) }
    )
  }

  /// Asks whether the caller may see what only the full view shows.
  private func authorizeDetails(
    _ call: Call,
    on school: OrganizationID,
    classTeacher: String
  ) async throws {
    let own = try call.caller.staffCode
    let isClassTeacher = !own.isEmpty && own == classTeacher
    _ = try await call.authorize(
      .readStudentDetails,
      on: school,
      relations: isClassTeacher ? [.classTeacher] : []
    )
  }
}
