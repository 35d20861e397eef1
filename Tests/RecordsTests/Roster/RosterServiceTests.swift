import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Records

@Suite("RosterService")
struct RosterServiceTests {
  private func roster(_ district: TestDistrict) -> RecordsV1.RosterServiceClient {
    RecordsV1.RosterServiceClient(district.client)
  }

  private let school = "schools/\(TestDistrict.secondary)"

  @Test(arguments: [
    (RoleKind.administrator, true), (.officer, true), (.principal, true), (.clerk, true),
    (.teacher, false),
  ])
  func `personal ids of staff are for those who see accounts`(
    role: RoleKind,
    shown: Bool
  ) async throws {
    try await TestDistrict.with { district in
      let caller = try district.call(role, at: TestDistrict.secondary)
      let staff = try await roster(district).listStaff(.init(parent: school), options: caller).staff
      #expect(staff.count == 29)
      #expect(staff.map(\.code) == staff.map(\.code).sorted())
      #expect(staff.allSatisfy { $0.personalID.isEmpty != shown })
      #expect(staff.first?.name == "\(school)/staff/74725501-001")
      #expect(staff.first?.position == "Hiệu trưởng")
    }
  }

  @Test func `classes come with their pupils counted and the roll-out applied`() async throws {
    try await TestDistrict.with { district in
      let officer = try district.call(.officer, at: TestDistrict.district)
      let secondary = try await roster(district).listClasses(
        .init(parent: school, schoolYear: "2022-2023"),
        options: officer
      )
      #expect(secondary.classes.map(\.displayName) == ["6A1", "6A2"])
      #expect(secondary.classes.allSatisfy { $0.electronicTranscript && $0.grade == 6 })
      #expect(secondary.classes.map(\.studentCount).reduce(0, +) == 81)
      let primary = try await roster(district).listClasses(
        .init(parent: "schools/\(TestDistrict.primary)", schoolYear: "2022-2023"),
        options: officer
      )
      // Only grades 1 and 6 in the first year of the roll-out.
      #expect(primary.classes.allSatisfy { $0.electronicTranscript == ($0.grade == 1) })
      let later = try await roster(district).listClasses(
        .init(parent: school, schoolYear: "2023-2024"),
        options: officer
      )
      #expect(later.classes.isEmpty)
    }
  }

  @Test func `pupils come page by page in the order of their codes`() async throws {
    try await TestDistrict.with { district in
      let teacher = try district.call(.teacher, at: TestDistrict.secondary, staff: "74725501-020")
      var request = RecordsV1.ListStudentsRequest(
        parent: try district.className("6A1"),
        pageSize: 15
      )
      var students: [RecordsV1.Student] = []
      var sizes: [Int] = []
      repeat {
        let page = try await roster(district).listStudents(request, options: teacher)
        students += page.students
        sizes.append(page.students.count)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(sizes.dropLast().allSatisfy { $0 == 15 } && sizes.count > 2)
      let codes = students.map(\.code)
      #expect(codes == codes.sorted() && Set(codes).count == codes.count)
      #expect(students.first?.displayName == "Huỳnh Tuấn Sơn")
      #expect(students.first?.birthDate == "2011-02-02")
      #expect(students.first?.sex == .male)
      #expect(students.first?.status == "Đang học")
      #expect(students.allSatisfy { $0.details == nil })

      request.pageToken = "bad"
      let refused = await reason {
        _ = try await roster(district).listStudents(request, options: teacher)
      }
      #expect(refused == "PAGE_TOKEN_INVALID")
    }
  }

  @Test func `details are for the class teacher and the school's office, on record`() async throws {
    try await TestDistrict.with { district in
      let request = RecordsV1.GetStudentRequest(
        name: try district.studentName(code: "7400100161"),
        view: .full
      )
      let classTeacher = try district.call(
        .teacher,
        at: TestDistrict.secondary,
        staff: try district.teacher(in: "6A1")
      )
      let found = try await roster(district).getStudent(request, options: classTeacher)
      #expect(found.details?.guardian == "Võ Hữu Hải")
      #expect(found.details?.personalID == "074211268182")
      #expect(found.schoolClass == (try district.className("6A1")))
      let audited = try district.database.run(
        "SELECT resource || ' ' || method FROM records.audit ORDER BY version DESC LIMIT 1"
      )
      #expect(audited == ["\(request.name) /hocba.records.v1.RosterService/GetStudent"])

      let others = [
        try district.call(
          .teacher,
          at: TestDistrict.secondary,
          staff: try district.teacher(in: "6A2")
        ),
        try district.call(.officer, at: TestDistrict.district),
        try district.call(.clerk, at: TestDistrict.primary),
      ]
      let before = try district.everything()
      for other in others {
        let refused = await reason {
          _ = try await roster(district).getStudent(request, options: other)
        }
        #expect(refused == "NOT_ALLOWED")
      }
      #expect(try district.everything() == before)
    }
  }

  @Test func `each pupil of a full list is on record`() async throws {
    try await TestDistrict.with { district in
      let before = try #require(try district.count("audit"))
      let clerk = try district.call(.clerk, at: TestDistrict.secondary)
      let page = try await roster(district).listStudents(
        .init(parent: try district.className("6A1"), view: .full, pageSize: 10),
        options: clerk
      )
      #expect(page.students.allSatisfy { $0.details?.address.isEmpty == false })
      #expect(try district.count("audit") == before + 10)
    }
  }

  @Test func `what is absent and what is another school's look alike`() async throws {
    try await TestDistrict.with { district in
      let clerk = try district.call(.clerk, at: TestDistrict.secondary)
      let absent = TestDistrict.requestID()
      let foreign = try district.className("1/1")
      for parent in ["\(school)/classes/\(absent)", foreign, "\(school)/classes/x"] {
        let pupils = await reason {
          _ = try await roster(district).listStudents(.init(parent: parent), options: clerk)
        }
        let assignments = await reason {
          _ = try await roster(district).listAssignments(.init(parent: parent), options: clerk)
        }
        #expect(pupils == "NOT_ALLOWED" && assignments == "NOT_ALLOWED")
      }
    }
  }

  @Test func `assignments stand in the order of the transcript`() async throws {
    try await TestDistrict.with { district in
      let clerk = try district.call(.clerk, at: TestDistrict.secondary)
      let found = try await roster(district).listAssignments(
        .init(parent: try district.className("6A1")),
        options: clerk
      )
      #expect(found.assignments.count == 12)
      #expect(found.assignments.prefix(3).map(\.subject) == ["ngu-van", "toan", "ngoai-ngu-1"])
      #expect(found.assignments[2].displayName == "Tiếng Anh")
      #expect(found.assignments[2].teacher == "74725501-007")
    }
  }
}
