import Foundation
import TestTools
import Testing

@testable import HocbaCLI

@Suite("School folder")
struct SchoolFolderTests {
  @Test func `the schools of a district, by their codes`() throws {
    #expect(try SchoolFolder.all(in: Repository.district).map(\.code) == ["74725101", "74725501"])
  }

  @Test func `the roster comes first`() throws {
    let school = try #require(try SchoolFolder.all(in: Repository.district).last)
    let names = try school.workbooks().map(\.lastPathComponent)
    #expect(
      names == [
        "ho-so-truong.xlsx", "so-diem-6A1-hk1.xlsx", "so-diem-6A1-hk2.xlsx",
        "so-diem-6A2-hk1.xlsx", "so-diem-6A2-hk2.xlsx",
      ]
    )
  }

  @Test func `a file belongs to the school of its folder unless told otherwise`() throws {
    let path = Repository.district.appending(path: "74725501/so-diem-6A1-hk1.xlsx").path(
      percentEncoded: false
    )
    #expect(try ImportCommand.files(at: path, school: nil).map(\.schoolCode) == ["74725501"])
    #expect(try ImportCommand.files(at: path, school: "1").map(\.schoolCode) == ["1"])
    #expect(throws: Failure.self) { try ImportCommand.files(at: path + "x", school: nil) }
  }

  @Test func `what a spreadsheet program leaves behind is no workbook`() {
    #expect(SchoolFolder.isWorkbook("So-Diem.XLSX"))
    #expect(!SchoolFolder.isWorkbook("~$so-diem.xlsx"))
    #expect(!SchoolFolder.isWorkbook("truong.json"))
  }
}
