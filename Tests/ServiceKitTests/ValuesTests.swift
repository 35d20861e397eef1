import Foundation
import Testing

@testable import ServiceKit

@Suite struct ResourceIDTests {
  @Test func `ids made later sort later, and are well-formed`() throws {
    let start = Date(timeIntervalSince1970: 1_685_000_000)
    let ids = try (0..<100).map { try ResourceID.make(now: start + Double($0) / 100) }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == 100)
    #expect(ids.allSatisfy { ResourceID.isValid($0) && Array($0)[14] == "7" })
    #expect(ids.allSatisfy { "89ab".contains(Array($0)[19]) })
    #expect(ids[0].replacing("-", with: "").prefix(12) == "018851d39200")
  }

  @Test(arguments: [
    "", "01885180-a3a0-7000-8000-00000000000", "01885180-a3a0-7000-8000-0000000000000",
    "01885180-A3A0-7000-8000-000000000000", "01885180_a3a0-7000-8000-000000000000",
    "01885180-a3a0-7000-8000-00000000000g", "０1885180-a3a0-7000-8000-0000000000",
  ])
  func `nothing else is an id`(text: String) {
    #expect(!ResourceID.isValid(text))
  }
}

@Suite struct ResourceNameTests {
  @Test func `a name that fits gives its parts`() {
    #expect(ResourceName.parts(of: "schools/a/classes/b", ["schools", "classes"]) == ["a", "b"])
  }

  @Test(arguments: [
    "", "schools", "schools/", "schools/a", "schools/a/classes/", "schools/a/classes/b/",
    "/schools/a/classes/b", "schools/a/pupils/b", "schools//classes/b",
    "schools/a/classes/" + String(repeating: "x", count: 250),
  ])
  func `one that does not fit gives none`(name: String) {
    #expect(ResourceName.parts(of: name, ["schools", "classes"]) == nil)
  }
}

@Suite struct PageTokensTests {
  @Test func `a token gives back its key, whatever is in it`() throws {
    let pages = try PageTokens()
    for key in ["a", "Nguyễn Thị Ánh 725", "x\u{1}:3:y"] {
      let token = pages.make(after: key, arguments: ["p", ""])
      #expect(try pages.key(of: token, arguments: ["p", ""]) == key)
    }
    #expect(try pages.key(of: "", arguments: ["p"]) == "")
  }

  @Test func `other arguments, another process, or one other character are refused`() throws {
    let pages = try PageTokens()
    let token = pages.make(after: "k", arguments: ["ab", "c"])
    func reason(_ token: String, _ arguments: [String], _ pages: PageTokens) -> String? {
      do throws(Problem) {
        _ = try pages.key(of: token, arguments: arguments)
        return nil
      } catch { return error.reason }
    }
    #expect(reason(token, ["ab", "c"], pages) == nil)
    #expect(reason(token, ["a", "bc"], pages) == "PAGE_TOKEN_INVALID")
    #expect(reason(token, ["ab"], pages) == "PAGE_TOKEN_INVALID")
    #expect(reason(token, ["ab", "c"], try PageTokens()) == "PAGE_TOKEN_INVALID")
    for index in token.indices {
      let other = token.replacingCharacters(
        in: index...index,
        with: token[index] == "A" ? "B" : "A"
      )
      // The last character may hold bits that stand for nothing.
      let key = try? pages.key(of: other, arguments: ["ab", "c"])
      #expect(key == nil || key == "k", "\(other)")
    }
    #expect(reason(String(repeating: "A", count: 2_000), [], pages) == "PAGE_TOKEN_INVALID")
    #expect(reason("🙂", [], pages) == "PAGE_TOKEN_INVALID")
  }

  @Test func `a page has 100 rows unless said, and 1,000 at most`() throws {
    #expect(try PageTokens.size(0) == 100)
    #expect(try PageTokens.size(7) == 7)
    #expect(try PageTokens.size(.max) == 1_000)
    #expect(throws: Problem.invalid("page_size", "không được âm")) { try PageTokens.size(-1) }
  }
}

@Suite struct ServiceClockTests {
  @Test(arguments: [
    ("2023-05-24T16:59:59Z", "2023-05-24"), ("2023-05-24T17:00:00Z", "2023-05-25"),
    ("2023-12-31T17:00:00Z", "2024-01-01"), ("2024-02-28T23:59:59Z", "2024-02-29"),
  ])
  func `the day begins at midnight in Vietnam`(time: String, day: String) throws {
    let date = try Date(time, strategy: .iso8601)
    let clock = ServiceClock { date }
    #expect(clock.today == day)
    #expect(ServiceClock.iso(clock.now) == time)
    #expect(clock.seconds == Int(date.timeIntervalSince1970))
  }
}
