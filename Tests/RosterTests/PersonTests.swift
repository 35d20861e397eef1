import Roster
import Testing

@Suite("Names that people write")
struct VietnameseNamedTests {
  @Test(arguments: ["Đang học", "đang  học", " ĐANG HỌC ", "Đang\u{A0}học"])
  func `are found whatever their case and spacing`(text: String) {
    #expect(StudentStatus(named: text) == .studying)
  }

  @Test func `are found in decomposed Unicode`() {
    #expect(Sex(named: "Nu\u{31B}\u{303}") == .female)
  }

  @Test func `are not guessed`() {
    #expect(Sex(named: "nu") == nil)
    #expect(StaffPosition(named: "Hiệu") == nil)
    #expect(StudentStatus(named: "") == nil)
  }

  @Test func `are unique within each list`() {
    func spellings(_ values: [any VietnameseNamed]) -> [String] {
      values.flatMap { $0.names.map { $0.lowercased() } }
    }
    for names in [
      spellings(StudentStatus.allCases), spellings(StaffPosition.allCases),
      spellings(Sex.allCases), spellings(Period.allCases), spellings(EthnicGroup.all),
    ] {
      #expect(!names.isEmpty)
      #expect(Set(names).count == names.count)
    }
  }

  @Test func `belong to the pupils who attend`() {
    #expect(
      StudentStatus.allCases.filter(\.isAttending) == [.studying, .transferredIn, .repeating]
    )
  }
}

@Suite("PersonalID")
struct PersonalIDTests {
  @Test(arguments: ["07421112681", "0742112681822", "07421126818x", "", "٠٧٤٢١١٢٦٨١٨٢"])
  func `refuses what is not twelve digits`(text: String) {
    #expect(PersonalID(text) == nil)
  }

  @Test(arguments: [
    ("074216123456", "01/01/2016", Sex.male), ("074311123456", "31/12/2011", .female),
    ("074171132985", "01/10/1971", .female), ("096073987344", "12/01/1973", .male),
  ])
  func `agrees with its bearer`(text: String, dateOfBirth: String, sex: Sex) throws {
    let id = try #require(PersonalID(text))
    let date = try #require(CivilDate(dateOfBirth))
    #expect(id.mismatches(dateOfBirth: date, sex: sex).isEmpty)
  }

  @Test func `says what does not agree`() throws {
    let date = try #require(CivilDate("01/01/2016"))
    let other = try #require(PersonalID("003315123456"))
    #expect(
      other.mismatches(dateOfBirth: date, sex: .male) == [.province, .sex, .yearOfBirth]
    )
    let century = try #require(PersonalID("074016123456"))
    #expect(century.mismatches(dateOfBirth: date, sex: .male) == [.yearOfBirth])
  }
}

@Suite("EthnicGroup")
struct EthnicGroupTests {
  @Test func `has the 54 groups and the foreigner`() {
    #expect(EthnicGroup.all.count == 55)
    #expect(EthnicGroup.all.map(\.code).first == "01")
    #expect(EthnicGroup(code: "53")?.name == "Ơ Đu")
    #expect(EthnicGroup(code: "56") == nil)
  }

  @Test(arguments: [
    ("Kinh", "01"), ("Khmer", "05"), ("Khơ-me", "05"), ("khơ me", "05"), ("H'Mông", "08"),
    ("Ê Đê", "12"), ("Ê-đê", "12"), ("M’Nông", "20"), ("Bru - Vân Kiều", "23"), ("Nùng", "07"),
    ("Pa Kô", "31"), ("Kơ Ho", "16"),
  ])
  func `is found by its spellings`(text: String, code: String) {
    #expect(EthnicGroup(named: text)?.code == code)
  }

  @Test func `is not guessed`() {
    #expect(EthnicGroup(named: "Tay") == nil)
    #expect(EthnicGroup(named: "") == nil)
  }
}
