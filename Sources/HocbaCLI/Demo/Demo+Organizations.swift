import API
import FoundationEssentials
import GRPC

extension Demo {
  /// The district's tree, as far as it is not there yet.
  ///
  /// - Returns: The lowest office above all the schools, and the schools.
  func makeOrganizations(
    _ administrator: Desk
  ) async throws -> (IdentityV1.Organization, [Place]) {
    try await stages.run("Đơn vị", "Organisations") {
      let descriptions = try folders.map { folder in
        guard let description = folder.description else {
          let path = folder.url.path(percentEncoded: false)
          throw Failure(
            words("\(path): thiếu truong.json.", "\(path): truong.json is missing.")
          )
        }
        return description
      }
      var tree = try await Tree(administrator)
      for school in descriptions {
        let province = try await tree.unit(
          school.province,
          Self.province(school.province),
          .province,
          below: tree.root
        )
        let district = try await tree.unit(
          school.district,
          Self.district(school.district),
          .district,
          below: province
        )
        _ = try await tree.school(school, below: district)
      }
      let places = folders.compactMap { folder in
        tree.units[folder.code].map { Place(school: School($0), folder: folder) }
      }
      let office = tree.office(
        districts: Set(descriptions.map(\.district)),
        provinces: Set(descriptions.map(\.province))
      )
      let summary = words(
        "\(places.count) trường thuộc \(office.displayName)",
        "\(places.count) schools below \(office.displayName)"
      )
      return (summary, (office, places))
    }
  }

  /// An officer of the office, who brings in what the schools send.
  func makeOfficer(_ administrator: Desk, at office: IdentityV1.Organization) async throws -> Desk {
    let login = Self.officerLogin
    let request = IdentityV1.CreatePersonRequest(
      person: .init(login: login, displayName: "Chuyên viên mẫu"),
      role: .init(kind: .officer, organization: office.name),
      password: try SecretFile.firstPassword("\(state)/secrets/\(login).password"),
      requestID: Desk.requestID()
    )
    do {
      _ = try await administrator.call {
        try await administrator.people.createPerson(request, options: $0)
      }
    } catch let error as RPCError where Complaint(error).reason == "LOGIN_TAKEN" {
      // Made by an earlier run.
    }
    return try desk(login)
  }

  /// Names of provinces' departments by code; the code itself where the name is not known here.
  static func province(_ code: String) -> String {
    "Sở Giáo dục và Đào tạo " + (code == "74" ? "Bình Dương" : "tỉnh \(code)")
  }

  /// Names of districts' offices by code.
  static func district(_ code: String) -> String {
    let names = [
      "718": "thành phố Thủ Dầu Một", "719": "huyện Bàu Bàng", "720": "huyện Dầu Tiếng",
      "721": "thành phố Bến Cát", "722": "huyện Phú Giáo", "723": "thành phố Tân Uyên",
      "724": "thành phố Dĩ An", "725": "thành phố Thuận An", "726": "huyện Bắc Tân Uyên",
    ]
    return "Phòng Giáo dục và Đào tạo " + (names[code] ?? "huyện \(code)")
  }
}

/// The organisations by code, made where they are missing.
private struct Tree {
  let administrator: Desk
  let root: IdentityV1.Organization
  var units: [String: IdentityV1.Organization]

  init(_ administrator: Desk) async throws {
    self.administrator = administrator
    let known = try await administrator.allOrganizations()
    guard let root = known.first(where: { $0.kind == .ministry }) else {
      throw Failure(
        words("Hệ thống chưa có đơn vị gốc.", "The installation has no root organisation.")
      )
    }
    self.root = root
    units = Dictionary(known.map { ($0.code, $0) }) { first, _ in first }
  }

  /// The unit of a code, made if it is not there.
  mutating func unit(
    _ code: String,
    _ name: String,
    _ kind: IdentityV1.OrganizationKind,
    below parent: IdentityV1.Organization,
    levels: [IdentityV1.SchoolLevel] = []
  ) async throws -> IdentityV1.Organization {
    if let known = units[code] { return known }
    let request = IdentityV1.CreateOrganizationRequest(
      organization: .init(
        code: code,
        displayName: name,
        kind: kind,
        parent: parent.name,
        // Before the first school year of the curriculum of 2018.
        validFrom: "2020-01-01",
        levels: levels
      ),
      requestID: Desk.requestID()
    )
    let made = try await administrator.call { [administrator] in
      try await administrator.organizations.createOrganization(request, options: $0)
    }
    units[code] = made
    return made
  }

  mutating func school(
    _ school: SchoolDescription,
    below district: IdentityV1.Organization
  ) async throws -> IdentityV1.Organization {
    let words = school.level.uppercased().split { !$0.isLetter }
    var levels: [IdentityV1.SchoolLevel] = []
    if words.contains("TH") { levels.append(.primary) }
    if words.contains("THCS") { levels.append(.lowerSecondary) }
    return try await unit(school.code, school.name, .school, below: district, levels: levels)
  }

  /// The lowest unit above all the schools.
  func office(districts: Set<String>, provinces: Set<String>) -> IdentityV1.Organization {
    if districts.count == 1, let code = districts.first, let unit = units[code] { return unit }
    if provinces.count == 1, let code = provinces.first, let unit = units[code] { return unit }
    return root
  }
}
