import Roster
import Testing

@testable import Assessment

private typealias Article11 = Circular27.Article11

@Suite("Circular 27, article 11: completion")
struct Article11_CompletionTests {
  @Test func `completes the grade, and with grade 5 primary school`() throws {
    let four = try #require(Grade(rawValue: 4))
    let five = try #require(Grade(rawValue: 5))
    #expect(Article11.completion(.completed, in: four).outcome == .grade)
    #expect(Article11.completion(.completedExcellently, in: five).outcome == .primarySchool)
    #expect(Article11.completion(.notCompleted, in: five).outcome == .notCompleted)
  }

  @Test func `leaves the others to the principal`() {
    #expect(Article11.promotion(.grade, principalPromotes: nil)?.outcome == true)
    #expect(Article11.promotion(.notCompleted, principalPromotes: nil) == nil)
    #expect(Article11.promotion(.notCompleted, principalPromotes: true)?.outcome == true)
    #expect(Article11.promotion(.notCompleted, principalPromotes: false)?.outcome == false)
  }
}
