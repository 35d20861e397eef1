import API
import Foundation
import Testing

@testable import HocbaCLI

@Suite("Results document")
struct ResultsDocumentTests {
  private let secondary = RecordsV1.StudentResult(
    studentCode: "7400100241",
    studentDisplayName: "Đinh Thành Quân",
    schoolCode: "74725501",
    classDisplayName: "6A2",
    grade: 6,
    lowerSecondary: .init(
      firstTerm: .init(
        averages: [.init(subject: "toan", tenths: 86), .init(subject: "tin-hoc", tenths: 100)],
        levels: [.init(subject: "gdtc", level: "Đ")],
        conduct: "T",
        academic: "K",
        adjusted: true
      ),
      year: .init(averages: [.init(subject: "toan", tenths: 5)], conduct: "", academic: ""),
      absenceCount: 3,
      promotion: .promoted
    )
  )
  private let primary = RecordsV1.StudentResult(
    studentCode: "7400100001",
    studentDisplayName: "Dương Văn Quân",
    schoolCode: "74725101",
    classDisplayName: "1/1",
    grade: 1,
    primary: .init(
      levels: [.init(subject: "toan", level: "T")],
      tests: [.init(subject: "toan", tenths: 70)],
      traits: [.init(subject: "Yêu nước", level: "Đ")],
      result: "HT",
      award: "Học sinh Xuất sắc"
    )
  )

  private func read(_ results: [RecordsV1.StudentResult]) throws -> NSDictionary? {
    let text = ResultsDocument.json("2022-2023", results).text
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
  }

  private func expected(_ text: String) throws -> NSDictionary? {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
  }

  @Test func `has exactly the form that others compare with`() throws {
    let wanted = try expected(
      """
      {"schoolYear": "2022-2023", "students": {
        "7400100001": {"name": "Dương Văn Quân", "school": "74725101", "cls": "1/1", "grade": 1,
          "year": {"levels": {"toan": "T"}, "exams": {"toan": 7}, "traits": {"Yêu nước": "Đ"},
                   "result": "HT"}},
        "7400100241": {"name": "Đinh Thành Quân", "school": "74725501", "cls": "6A2", "grade": 6,
          "terms": {
            "I": {"averages": {"toan": "8.6", "tin-hoc": "10.0"}, "comments": {"gdtc": "Đ"},
                  "conduct": "T", "academic": "K", "adjusted": true},
            "II": null},
          "year": {"averages": {"toan": "0.5"}, "comments": {}, "conduct": null,
                   "academic": null, "adjusted": false, "absences": 3, "award": null,
                   "promoted": true}}}}
      """
    )
    #expect(try read([secondary, primary]) == wanted)
  }

  @Test func `what cannot be said yet is null`() throws {
    var pupil = secondary
    pupil.lowerSecondary?.promotion = .unspecified
    pupil.lowerSecondary?.award = "Học sinh Giỏi"
    let students = try read([pupil])?["students"] as? NSDictionary
    let year = (students?["7400100241"] as? NSDictionary)?["year"] as? NSDictionary
    #expect(year?["promoted"] is NSNull)
    #expect(year?["award"] as? String == "Học sinh Giỏi")
    pupil.lowerSecondary = nil
    let bare = try read([pupil])?["students"] as? NSDictionary
    #expect((bare?["7400100241"] as? NSDictionary)?["year"] is NSNull)
  }

  @Test func `pupils stand in the order of their codes`() throws {
    let text = ResultsDocument.json("2022-2023", [secondary, primary]).text
    let first = try #require(text.range(of: "7400100001"))
    let second = try #require(text.range(of: "7400100241"))
    #expect(first.lowerBound < second.lowerBound)
  }
}
