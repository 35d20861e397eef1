import Assessment
import Roster
import Testing

@testable import Transcript

private func makeSheet(
  _ grade: Int,
  _ kind: AssessmentKind,
  _ rows: [MarkSheetDocument.Row]
) -> MarkSheetDocument? {
  guard let schoolClass = Grade(rawValue: grade).flatMap(schoolClass) else { return nil }
  return MarkSheetDocument(
    schoolClass: schoolClass,
    subject: "toan",
    subjectName: "Toán",
    kind: kind,
    term: .first,
    teacher: StaffMember(code: "74725501-006", name: "Mai Thị Như"),
    rows: rows
  )
}

private func row(
  _ marks: [MarkSheetDocument.Mark],
  _ result: MarkSheetDocument.Result? = nil,
  comment: String? = nil
) -> MarkSheetDocument.Row {
  MarkSheetDocument.Row(
    pupilCode: "7400100161",
    pupilName: "Huỳnh Tuấn Sơn",
    marks: marks,
    result: result,
    comment: comment
  )
}

@Suite("MarkSheetDocument")
struct MarkSheetDocumentTests {
  @Test func `carries scores and their average`() throws {
    let score = try #require(Score(tenths: 75))
    let marks: [MarkSheetDocument.Mark] = [
      .init(.regular(1), .score(score)), .init(.regular(2), .score(.zero)),
      .init(.midTerm, .score(.ten)), .init(.endOfTerm, .score(score)),
    ]
    let sheet = try #require(
      makeSheet(6, .scored, [row(marks, .average(score), comment: "Có tiến bộ")])
    )
    let bytes = try sheet.canonicalXML()
    for part in [
      #"<hb:MarkSheet schemaVersion="1"><hb:Title>Bảng điểm</hb:Title>"#,
      #"<hb:Term code="I">Học kì I</hb:Term>"#,
      #"<hb:Row code="7400100161"><hb:Name>Huỳnh Tuấn Sơn</hb:Name>"#,
      #"<hb:Mark label="ĐĐGtx 1" ordinal="1" slot="regular">7.5</hb:Mark>"#,
      #"<hb:Mark label="ĐĐGtx 2" ordinal="2" slot="regular">0.0</hb:Mark>"#,
      #"<hb:Mark label="ĐĐGgk" slot="mid-term">10.0</hb:Mark>"#,
      #"<hb:Average>7.5</hb:Average><hb:Comment>Có tiến bộ</hb:Comment></hb:Row>"#,
      #"<hb:SubjectTeacher code="74725501-006">Mai Thị Như</hb:SubjectTeacher>"#,
    ] {
      #expect(text(bytes).contains(part), "\(part)")
    }
    #expect(try isCanonical(bytes))
    #expect(try isValid(bytes))
  }

  @Test func `tells 0, an absence, a make-up to come and nothing apart`() throws {
    let rows = [
      row([.init(.endOfTerm, .score(.zero))]), row([.init(.endOfTerm, .absentWithoutReason)]),
      row([.init(.endOfTerm, .pendingMakeUp)]), row([]),
    ]
    let sheet = try #require(makeSheet(6, .scored, rows))
    let bytes = try sheet.canonicalXML()
    #expect(text(bytes).contains(#"slot="end-of-term">0.0<"#))
    #expect(text(bytes).contains(#"state="absent-without-reason">Vắng không có lí do<"#))
    #expect(text(bytes).contains(#"state="pending-make-up">Chờ kiểm tra bù<"#))
    #expect(text(bytes).contains("<hb:Name>Huỳnh Tuấn Sơn</hb:Name></hb:Row></hb:Rows>"))
    #expect(try isCanonical(bytes))
    #expect(try isValid(bytes))
  }

  @Test func `carries levels and tests`() throws {
    let comments = try #require(
      makeSheet(6, .comment, [row([.init(.midTerm, .comment(.notPassed))], .comment(.notPassed))])
    )
    let passed = try comments.canonicalXML()
    #expect(text(passed).contains(#"<hb:Mark code="CĐ" label="ĐĐGgk" slot="mid-term">Chưa đạt<"#))
    #expect(text(passed).contains(#"<hb:Result code="CĐ">Chưa đạt</hb:Result>"#))
    let ten = try #require(TestScore(points: 10))
    let primary = try #require(
      makeSheet(
        1,
        .level,
        [
          row([
            .init(.level(.endOfFirstTerm), .level(.completed)),
            .init(.test(.endOfFirstTerm), .test(ten)),
          ])
        ]
      )
    )
    let levels = try primary.canonicalXML()
    #expect(text(levels).contains(#"period="chk1" slot="level">Hoàn thành</hb:Mark>"#))
    #expect(text(levels).contains(#"period="chk1" slot="test">10</hb:Mark>"#))
    for bytes in [passed, levels] {
      #expect(try isCanonical(bytes))
      #expect(try isValid(bytes))
    }
  }

  @Test func `refuses a class without pupils`() throws {
    let sheet = try #require(makeSheet(6, .scored, []))
    #expect(throws: TranscriptError.emptyValue(element: "Rows")) { try sheet.canonicalXML() }
  }
}
