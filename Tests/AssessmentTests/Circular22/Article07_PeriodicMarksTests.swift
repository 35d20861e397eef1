import Testing

@testable import Assessment

@Suite("Circular 22, article 7: periodic assessment")
struct Article07_PeriodicMarksTests {
  @Test func `counts 0 or Chưa đạt for a test that was missed without reason`() {
    #expect(Circular22.Article07.counted(MarkEntry<Score>.absentWithoutReason) == 0)
    #expect(Circular22.Article07.counted(MarkEntry<CommentLevel>.absentWithoutReason) == .notPassed)
  }

  @Test func `counts nothing while a mark is not entered or its make-up is pending`() {
    #expect(Circular22.Article07.counted(MarkEntry<Score>.notEntered) == nil)
    #expect(Circular22.Article07.counted(MarkEntry<Score>.pendingMakeUp) == nil)
  }

  @Test func `counts a mark of 0 as it stands`() {
    #expect(Circular22.Article07.counted(MarkEntry<Score>.entered(0)) == 0)
  }
}
