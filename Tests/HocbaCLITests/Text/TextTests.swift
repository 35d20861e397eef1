import Foundation
import Testing

@testable import HocbaCLI

@Suite("Language")
struct LanguageTests {
  @Test(
    arguments: [
      ([:], Language.vietnamese), (["LANG": "C.UTF-8"], .vietnamese),
      (["LANG": "vi_VN.UTF-8"], .vietnamese), (["LANG": "en_US.UTF-8"], .english),
      (["LC_ALL": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"], .vietnamese),
      (["LC_ALL": "", "LC_MESSAGES": "en_GB.UTF-8", "LANG": "vi_VN"], .english),
    ]
  )
  func `follows the environment, Vietnamese unless that says English`(
    environment: [String: String],
    language: Language
  ) {
    #expect(Language.choice(arguments: ["hocba"], environment: environment) == language)
  }

  @Test func `an option comes before the environment`() {
    let english = ["LANG": "en_US.UTF-8"]
    let asked = Language.choice(arguments: ["hocba", "--language", "vi"], environment: english)
    #expect(asked == .vietnamese)
    #expect(Language.choice(arguments: ["hocba", "--language=en"], environment: [:]) == .english)
  }
}

@Suite("Table")
struct TableTests {
  @Test func `columns are as wide as their widest cell, numbers stand to the right`() {
    var table = Table(["Lớp", "Sĩ số", "Tên"], numbers: [1])
    table.add(["6A1", "40", "Hoà"])
    table.add(["6A10", "9", "An"])
    #expect(
      table.lines == [
        "Lớp   Sĩ số  Tên", "────  ─────  ───", "6A1      40  Hoà", "6A10      9  An",
      ]
    )
  }

  @Test func `a letter counts once however it is composed`() {
    var table = Table(["Tên", "x"])
    table.add(["Hòa", "1"])
    table.add(["Ho\u{300}a".decomposedStringWithCanonicalMapping, "2"])
    #expect(Set(table.lines.map(\.count)) == [6])
  }
}

@Suite("JSON")
struct JSONTests {
  @Test func `what is written is read the same by others`() throws {
    let text = "dấu \" và \\ và \n\r\t\u{1} và 🎓"
    let value = JSON.object([
      .init("z", .string(text)), .init("a", .array([.number(-1), .bool(true), .null])),
      .init("{}", .object([])), .init("[]", .array([])),
    ])
    let read = try JSONSerialization.jsonObject(with: Data(value.text.utf8)) as? [String: Any]
    #expect(read?["z"] as? String == text)
    let list = try #require(read?["a"] as? [Any])
    #expect(list[0] as? Int == -1)
    #expect(list[1] as? Bool == true)
    #expect(list[2] is NSNull)
    #expect((read?["{}"] as? [String: Any])?.isEmpty == true)
    #expect((read?["[]"] as? [Any])?.isEmpty == true)
  }

  @Test func `members keep their order`() {
    let value = JSON.object([.init("b", .number(1)), .init("a", .number(2))])
    #expect(value.text == "{\n \"b\": 1,\n \"a\": 2\n}")
  }
}

@Suite("Parser text")
struct ParserTextTests {
  @Test func `errors and help are in the reader's language`() {
    let error = "Error: Missing expected argument '<school>'\nUsage: hocba classes <school>"
    #expect(
      ParserText.localized(error, in: .vietnamese)
        == "Lỗi: còn thiếu '<school>'\nCách dùng: hocba classes <school>"
    )
    #expect(ParserText.localized(error, in: .english) == error)
  }
}
