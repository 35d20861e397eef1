import Roster
import Testing

@testable import Assessment

@Suite("Circular 22, article 10: exemption")
struct Article10_ExemptionTests {
  @Test func `is for physical education alone`() throws {
    let grade = try #require(Grade(rawValue: 6))
    let allowed = SubjectCatalogue.curriculum2018.subjects(in: grade).map(\.code)
      .filter(Circular22.Article10.allowsExemption)
    #expect(allowed == ["gdtc"])
  }
}
