import Assessment
import Roster
import Testing

@testable import Transcript

@Suite("TranscriptDocument")
struct TranscriptDocumentTests {
  @Test func `is its own canonical form and valid, in both levels`() throws {
    for document in [try #require(lowerSecondary()), try #require(primary())] {
      let bytes = try document.canonicalXML()
      #expect(try isCanonical(bytes))
      #expect(try isValid(bytes))
    }
  }

  @Test func `is the same every time`() throws {
    let first = try #require(lowerSecondary()).canonicalXML()
    for _ in 0..<20 { #expect(try #require(lowerSecondary()).canonicalXML() == first) }
  }

  @Test func `says what the form says, for people and for machines`() throws {
    let xml = text(try #require(lowerSecondary()).canonicalXML())
    for part in [
      #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload"><hb:Transcript"#,
      #"ruleSet="tt22-2021/1" schemaVersion="1"><hb:Title>Học bạ</hb:Title>"#,
      #"<hb:School code="74725501"><hb:Name>Trường Trung học cơ sở Mẫu</hb:Name>"#,
      #"<hb:SchoolYear>2022-2023</hb:SchoolYear><hb:Class grade="6">6A1</hb:Class>"#,
      #"<hb:DateOfBirth>2011-02-02</hb:DateOfBirth><hb:Sex code="male">Nam</hb:Sex>"#,
      #"<hb:Subject code="toan" kind="scored"><hb:Name>Toán</hb:Name>"#,
      #"<hb:TermI>8.0</hb:TermI><hb:TermII>8.0</hb:TermII><hb:Year>8.0</hb:Year><hb:Comment>"#,
      #"<hb:Year code="Đ">Đạt</hb:Year>"#,
      #"digest="\#(digest)" id="schools/1/classes/2/markSheets/toan-hk2" term="II">Mai Văn Sơn<"#,
      #"<hb:Year adjusted="false" code="T">Tốt</hb:Year></hb:Academic>"#,
      #"<hb:Absences excused="4" unexcused="2">6</hb:Absences>"#,
      #"promoted="true">Được lên lớp</hb:Promotion><hb:Award code="GIOI">Học sinh Giỏi</hb:Award>"#,
      #"<hb:ClassTeacherComment>Chăm học</hb:ClassTeacherComment>"#,
      #"<hb:Principal code="74725501-001">Lê Mỹ Yến</hb:Principal></hb:Transcript></hb:Payload>"#,
    ] {
      #expect(xml.contains(part), "\(part)")
    }
  }

  @Test func `says what primary school says`() throws {
    let xml = text(try #require(primary()).canonicalXML())
    for part in [
      #"<hb:Level code="T">Hoàn thành tốt</hb:Level><hb:Test>9</hb:Test>"#,
      #"<hb:Trait code="yeu-nuoc" group="pham-chat"><hb:Name>Yêu nước</hb:Name>"#,
      #"<hb:Result code="HTXS">Hoàn thành xuất sắc</hb:Result>"#,
      #"<hb:Completion code="GRADE">Hoàn thành chương trình lớp học</hb:Completion>"#,
      #"<hb:Award code="XUAT_SAC">Học sinh Xuất sắc</hb:Award>"#,
    ] {
      #expect(xml.contains(part), "\(part)")
    }
    #expect(!xml.contains("Conduct"))
  }

  @Test func `leaves out what is absent`() throws {
    var document = try #require(primary(level: .notCompleted))
    document.pupil.ethnicGroup = nil
    document.pupil.birthplace = ""
    document.pupil.personalID = nil
    document.schoolClass.school.district = nil
    document.comment = nil
    for index in document.subjects.indices {
      document.subjects[index].comment = ""
      document.subjects[index].markSheets = []
    }
    let bytes = try document.canonicalXML()
    for name in [
      "EthnicGroup", "Birthplace", "PersonalID", "District", "Comment", "SignedMarkSheet", "Award",
      "Promotion",
    ] {
      #expect(!text(bytes).contains("hb:\(name)"), "\(name)")
    }
    #expect(try isCanonical(bytes))
    #expect(try isValid(bytes))
  }

  @Test func `prints what the summer changed beside what the year had been`() throws {
    let reassessed = SubjectResults(
      averages: [
        "toan": .ten, "ngu-van": .ten, "tin-hoc": .ten, "gdcd": .ten, "cong-nghe": .ten,
        "ngoai-ngu-1": .ten,
      ]
    )
    let cured = try #require(lowerSecondary(average: 49, conduct: .passed, reassessed: reassessed))
    let bytes = try cured.canonicalXML()
    let xml = text(bytes)
    #expect(xml.contains("<hb:Year>4.9</hb:Year><hb:Reassessed>10.0</hb:Reassessed>"))
    #expect(xml.contains(#"<hb:Year adjusted="false" code="CĐ">"#))
    #expect(xml.contains(#"<hb:AfterReassessment adjusted="false" code="Đ">"#))
    #expect(xml.contains("Được lên lớp"))
    #expect(try isValid(bytes))
    let trained = try #require(lowerSecondary(conduct: .notPassed, trainedConduct: .passed))
    let after = try trained.canonicalXML()
    #expect(text(after).contains(#"<hb:AfterTraining code="Đ">Đạt</hb:AfterTraining>"#))
    #expect(try isValid(after))
  }

  @Test func `names the payload that a correction replaces`() throws {
    var document = try #require(primary())
    document.revision = Revision(number: 2, replacedDigest: digest)
    let bytes = try document.canonicalXML()
    #expect(text(bytes).contains(#"<hb:Revision replacedDigest="\#(digest)">2</hb:Revision>"#))
    #expect(try isValid(bytes))
  }

  @Test func `refuses a year that is not complete`() throws {
    let document = try #require(primary(test: nil))
    #expect(throws: TranscriptError.missingResult(element: "Result")) {
      try document.canonicalXML()
    }
    var unknown = try #require(lowerSecondary())
    unknown.results = .lowerSecondary(
      Circular22.evaluateYear(
        Circular22.YearRecord(
          firstTerm: Circular22.TermRecord(subjects: [], conduct: nil, absences: nil),
          secondTerm: Circular22.TermRecord(subjects: [], conduct: nil, absences: nil)
        )
      )
    )
    unknown.subjects = []
    #expect(throws: TranscriptError.missingResult(element: "Conduct")) {
      try unknown.canonicalXML()
    }
  }

  @Test func `refuses rows that are not those of the results`() throws {
    var missing = try #require(lowerSecondary())
    let removed = missing.subjects.removeLast()
    #expect(throws: TranscriptError.rowsDoNotMatch(removed.code)) { try missing.canonicalXML() }
    var twice = try #require(lowerSecondary())
    twice.subjects.append(removed)
    #expect(throws: TranscriptError.rowsDoNotMatch(removed.code)) { try twice.canonicalXML() }
  }

  @Test func `refuses the results of another level, and digests that are none`() throws {
    var other = try #require(primary())
    other.schoolClass.grade = try #require(Grade(rawValue: 6))
    #expect(throws: TranscriptError.wrongLevel(other.schoolClass.grade)) {
      try other.canonicalXML()
    }
    for wrong in ["", "00", digest.uppercased(), digest + "0"] {
      var document = try #require(primary())
      document.subjects[0].markSheets[0].digest = wrong
      #expect(throws: TranscriptError.malformedDigest(wrong)) { try document.canonicalXML() }
    }
  }
}

@Suite("Schema")
struct SchemaTests {
  @Test func `accepts a file with signatures, and refuses one with anything else`() throws {
    let payload = text(try #require(primary()).canonicalXML())
      .replacing(#" xmlns:hb="urn:hocba:document:1""#, with: "", maxReplacements: 1)
    func file(_ slots: String) -> [UInt8] {
      let start = #"<hb:Document xmlns:hb="urn:hocba:document:1">"#
      return Array(
        "\(start)\(payload)<hb:Signatures>\(slots)</hb:Signatures></hb:Document>".utf8
      )
    }
    let signature = #"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>"#
    #expect(try isValid(file("")))
    #expect(try isValid(file("<hb:Slot>\(signature)</hb:Slot><hb:Slot>\(signature)</hb:Slot>")))
    #expect(try !isValid(file("<hb:Slot>\(signature)\(signature)</hb:Slot>")))
    #expect(try !isValid(file("<hb:Slot></hb:Slot>")))
    #expect(try !isValid(file("<hb:Other></hb:Other>")))
  }

  @Test(arguments: [
    ("<hb:Test>9</hb:Test>", "<hb:Test>11</hb:Test>"),
    ("<hb:Test>9</hb:Test>", "<hb:Test></hb:Test>"),
    (#"code="HTXS""#, #"code="XS""#),
    ("2011-02-02", "02/02/2011"),
    (#"Id="payload""#, #"Id="other""#),
    ("<hb:Title>Học bạ</hb:Title>", ""),
  ])
  func `refuses what no transcript has`(original: String, changed: String) throws {
    let xml = text(try #require(primary()).canonicalXML())
    #expect(try isValid(Array(xml.utf8)))
    #expect(xml.contains(original))
    #expect(try !isValid(Array(xml.replacing(original, with: changed).utf8)))
  }
}
