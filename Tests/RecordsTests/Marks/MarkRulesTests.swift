import API
import Assessment
import Roster
import Testing

@testable import Records

@Suite("MarkRules")
struct MarkRulesTests {
  private func accepts(
    _ subject: SubjectCode,
    grade: Int,
    term: Term = .second,
    _ slot: RecordsV1.MarkSlot,
    _ value: RecordsV1.Mark.Value?,
    ordinal: Int32 = 0
  ) throws -> Bool {
    let grade = try #require(Grade(rawValue: grade))
    let subject = try #require(SubjectCatalogue.curriculum2018.subject(subject, in: grade))
    let rules = MarkRules(subject: subject, grade: grade, term: term)
    let mark = RecordsV1.Mark(slot: slot, ordinal: ordinal, value: value)
    return (try? rules.read(mark)) != nil
  }

  @Test(arguments: [(6, 2), (7, 2), (8, 3), (9, 3)])
  func `technology has as many regular marks as its lessons ask`(grade: Int, count: Int) throws {
    for ordinal in 0...5 {
      let isAccepted = try accepts(
        "cong-nghe",
        grade: grade,
        .regular,
        .scoreTenths(70),
        ordinal: Int32(ordinal)
      )
      #expect(isAccepted == (1...count).contains(ordinal))
    }
  }

  @Test func `scores are for scored subjects, levels for the others`() throws {
    #expect(try accepts("toan", grade: 6, .midTerm, .scoreTenths(100)))
    #expect(try !accepts("toan", grade: 6, .midTerm, .scoreTenths(-1)))
    #expect(try !accepts("toan", grade: 6, .midTerm, .level("CĐ")))
    #expect(try accepts("gdtc", grade: 6, .midTerm, .level("CĐ")))
    #expect(try !accepts("gdtc", grade: 6, .midTerm, .level("T")))
    #expect(try !accepts("gdtc", grade: 6, .midTerm, .scoreTenths(50)))
    #expect(try !accepts("toan", grade: 6, .average, .scoreTenths(50)))
    #expect(try !accepts("toan", grade: 6, .unspecified, .scoreTenths(50)))
    #expect(try !accepts("toan", grade: 6, .endOfTermTest, .scoreTenths(50)))
  }

  @Test func `only a periodic test can be missed without reason`() throws {
    #expect(try accepts("toan", grade: 6, .endOfTerm, .absence(.withoutReason)))
    #expect(try accepts("toan", grade: 6, .regular, .absence(.pendingMakeUp), ordinal: 1))
    #expect(try !accepts("toan", grade: 6, .regular, .absence(.withoutReason), ordinal: 1))
    #expect(try !accepts("toan", grade: 6, .endOfTerm, .absence(.unspecified)))
    #expect(try accepts("toan", grade: 1, .endOfTermTest, .absence(.pendingMakeUp)))
    #expect(try !accepts("toan", grade: 1, .endOfTermTest, .absence(.withoutReason)))
    #expect(try !accepts("toan", grade: 1, .endOfTermLevel, .absence(.pendingMakeUp)))
  }

  @Test func `primary school has levels at all moments, and whole tests where they are due`() throws
  {
    #expect(try accepts("dao-duc", grade: 1, .midTermLevel, .level("H")))
    #expect(try !accepts("dao-duc", grade: 1, .endOfTermTest, .scoreTenths(90)))
    #expect(try accepts("toan", grade: 1, .endOfTermTest, .scoreTenths(90)))
    #expect(try !accepts("toan", grade: 1, .endOfTermTest, .scoreTenths(95)))
    #expect(try !accepts("toan", grade: 1, .midTermTest, .scoreTenths(90)))
    #expect(try accepts("toan", grade: 4, term: .first, .midTermTest, .scoreTenths(90)))
    #expect(try !accepts("toan", grade: 1, .midTerm, .scoreTenths(90)))
    #expect(try !accepts("toan", grade: 1, .endOfTermLevel, .level("Đ")))
  }

  @Test func `a mark without a value is taken away`() throws {
    #expect(try accepts("toan", grade: 6, .midTerm, nil))
  }
}
