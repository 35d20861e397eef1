import Testing

@testable import Assessment

@Suite("Circular 27, article 7: periodic tests")
struct Article07_PeriodicTestsTests {
  @Test func `has whole points from 0 to 10`() {
    #expect(TestScore(points: -1) == nil)
    #expect(TestScore(points: 0)?.points == 0)
    #expect(TestScore(points: 10)?.points == 10)
    #expect(TestScore(points: 11) == nil)
  }

  @Test func `records the last of the tests`() throws {
    let four = try #require(TestScore(points: 4))
    let six = try #require(TestScore(points: 6))
    #expect(Circular27.Article07.recorded([four, six]) == six)
    #expect(Circular27.Article07.recorded([]) == nil)
  }
}
