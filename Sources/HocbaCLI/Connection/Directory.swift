import API

/// Finding things by the codes and names that people use.
extension Desk {
  /// All organisations that the person may see, or those below one, by code.
  func allOrganizations(below parent: String = "") async throws -> [IdentityV1.Organization] {
    var request = IdentityV1.ListOrganizationsRequest(parent: parent, pageSize: 1000)
    var found: [IdentityV1.Organization] = []
    repeat {
      let page = request
      let answer = try await call {
        try await organizations.listOrganizations(page, options: $0)
      }
      found += answer.organizations
      request.pageToken = answer.nextPageToken
    } while !request.pageToken.isEmpty
    return found
  }

  /// The organisation of a code.
  func organization(code: String) async throws -> IdentityV1.Organization {
    let answer = try await call {
      try await organizations.listOrganizations(.init(code: code), options: $0)
    }
    guard
      let found = answer.organizations.first(where: { $0.validTo.isEmpty })
        ?? answer.organizations.first
    else {
      throw Failure(
        words("Không có đơn vị \(code), hoặc không có quyền.", "No unit \(code), or not allowed.")
      )
    }
    return found
  }

  /// The schools that the person may see, or the one of a code, by code.
  func schools(code: String? = nil) async throws -> [School] {
    if let code { return [School(try await organization(code: code))] }
    return try await allOrganizations().filter { $0.kind == .school }
      .map { School($0) }.sorted { $0.code < $1.code }
  }

  /// The classes of a school and year, by grade and name.
  func classes(
    of school: School,
    in year: String,
    named name: String? = nil
  ) async throws -> [RecordsV1.SchoolClass] {
    let answer = try await call {
      try await roster.listClasses(.init(parent: school.records, schoolYear: year), options: $0)
    }
    guard let name else { return answer.classes }
    let found = answer.classes.filter { $0.displayName == name }
    guard !found.isEmpty else {
      throw Failure(
        words(
          "Trường \(school.code) không có lớp \(name) trong năm học \(year).",
          "School \(school.code) has no class \(name) in \(year)."
        )
      )
    }
    return found
  }

  /// The pupils of a class, by code.
  func students(of schoolClass: RecordsV1.SchoolClass) async throws -> [RecordsV1.Student] {
    var request = RecordsV1.ListStudentsRequest(
      parent: schoolClass.name,
      view: .basic,
      pageSize: 1000
    )
    var found: [RecordsV1.Student] = []
    repeat {
      let page = request
      let answer = try await call { try await roster.listStudents(page, options: $0) }
      found += answer.students
      request.pageToken = answer.nextPageToken
    } while !request.pageToken.isEmpty
    return found
  }
}

/// A school by the names that it has in the services.
struct School: Sendable, Equatable {
  let code: String
  let displayName: String
  /// Id of the organisation.
  let id: String

  init(_ organization: IdentityV1.Organization) {
    code = organization.code
    displayName = organization.displayName
    id = String(organization.name.split(separator: "/").last ?? "")
  }

  /// Its name in records and signing.
  var records: String { "schools/\(id)" }
  /// Its name in identity and reporting.
  var organization: String { "organizations/\(id)" }
}
