import Roster
import Testing

@testable import Assessment

/// A pupil who has the best levels of the grade and the given tests; `nil` points are missing.
private func pupil(
  _ grade: Int,
  tests: [SubjectCode: [Int]],
  levels: [SubjectCode: SubjectLevel] = [:],
  level: SubjectLevel = .completedWell,
  traits: [Assessment.Trait: TraitLevel] = [:],
  trait: TraitLevel = .good
) throws -> Circular27.YearRecord {
  let grade = try #require(Grade(rawValue: grade))
  let subjects = try SubjectCatalogue.curriculum2018.subjects(in: grade).compactMap { subject in
    let offering = try #require(subject.offerings[grade])
    if offering.isElective { return nil as Circular27.SubjectYear? }
    let points = tests[subject.code] ?? tests["other"] ?? []
    return Circular27.SubjectYear(
      subject.code,
      level: levels[subject.code] ?? level,
      tests: offering.testedPeriods.contains(.endOfYear)
        ? points.compactMap(TestScore.init(points:)) : nil
    )
  }
  let assessed = Assessment.Trait.assessed(in: grade)
  return Circular27.YearRecord(
    grade: grade,
    subjects: subjects,
    traits: Dictionary(uniqueKeysWithValues: assessed.map { ($0, traits[$0] ?? trait) })
  )
}

private func result(_ record: Circular27.YearRecord) -> String? {
  Circular27.evaluateYear(record).result?.outcome.rawValue
}

@Suite("Circular 27, a whole pupil")
struct Circular27Tests {
  @Test func `P1: completes with excellence`() throws {
    let year = Circular27.evaluateYear(try pupil(1, tests: ["tieng-viet": [9], "toan": [10]]))
    #expect(year.result?.outcome == .completedExcellently)
    #expect(year.completion?.outcome == .grade)
    #expect(year.award?.outcome == .excellent)
    #expect(year.promotion?.outcome == true)
    #expect(year.levels.count == 8)
    #expect(year.tests.count == 2)
    #expect(year.traits.count == 13)
  }

  @Test func `P2: a test of 8 stops excellence, and the class may recognise the pupil`() throws {
    var record = try pupil(1, tests: ["tieng-viet": [9], "toan": [8]])
    #expect(result(record) == "HTT")
    #expect(Circular27.evaluateYear(record).award?.outcome == .some(nil))
    record.isRecognised = true
    #expect(Circular27.evaluateYear(record).award?.outcome == .exemplary)
  }

  @Test func `P3: nothing makes up for one subject`() throws {
    let record = try pupil(
      4,
      tests: ["other": [10]],
      levels: ["nghe-thuat-am-nhac": .completed]
    )
    #expect(result(record) == "HT")
    #expect(Circular27.evaluateYear(record).tests.count == 7)
  }

  @Test func `P4: a trait alone moves two levels`() throws {
    let record = try pupil(
      3,
      tests: ["tieng-viet": [9], "toan": [9], "ngoai-ngu-1": [10], "other": [9]],
      traits: [.responsibility: .reached]
    )
    #expect(result(record) == "HT")
  }

  @Test func `P5: the last test counts`() throws {
    let levels: [SubjectCode: SubjectLevel] = ["tieng-viet": .completed, "toan": .completed]
    let before = try pupil(2, tests: ["tieng-viet": [5], "toan": [4]], levels: levels)
    #expect(result(before) == "CHT")
    #expect(Circular27.evaluateYear(before).promotion == nil)
    let after = try pupil(2, tests: ["tieng-viet": [5], "toan": [4, 6]], levels: levels)
    #expect(result(after) == "HT")
    #expect(Circular27.evaluateYear(after).tests["toan"]?.points == 6)
    #expect(Circular27.evaluateYear(after).completion?.outcome == .grade)
  }

  @Test func `P6: one subject not completed leaves promotion to the principal`() throws {
    var record = try pupil(5, tests: ["other": [8]], levels: ["khoa-hoc": .notCompleted])
    #expect(result(record) == "CHT")
    #expect(Circular27.evaluateYear(record).completion?.outcome == .notCompleted)
    #expect(Circular27.evaluateYear(record).promotion == nil)
    record.principalPromotes = true
    #expect(Circular27.evaluateYear(record).promotion?.outcome == true)
    #expect(Circular27.evaluateYear(record).completion?.outcome == .notCompleted)
  }

  @Test func `P7: everything at the limit completes`() throws {
    let record = try pupil(2, tests: ["other": [5]], level: .completed, trait: .reached)
    #expect(result(record) == "HT")
  }

  @Test func `P8: tests of 7 complete well, for those of the middle of the term do not enter`()
    throws
  {
    let record = try pupil(4, tests: ["tieng-viet": [7], "toan": [7], "other": [10]])
    #expect(result(record) == "HTT")
  }

  @Test func `P9: one quality that needs effort is enough`() throws {
    let record = try pupil(
      3,
      tests: ["other": [9]],
      levels: ["dao-duc": .completed],
      traits: [.honesty: .needsEffort]
    )
    #expect(result(record) == "CHT")
  }

  @Test func `P10: a missing test leaves no result`() throws {
    let year = Circular27.evaluateYear(try pupil(5, tests: ["other": [10], "cong-nghe": []]))
    #expect(year.result == nil)
    #expect(year.completion == nil)
    #expect(year.award == nil)
    #expect(year.tests["toan"]?.points == 10)
  }

  @Test func `leaves no result while a level or a trait is missing`() throws {
    var record = try pupil(1, tests: ["other": [10]])
    record.traits[.physical] = nil
    #expect(result(record) == nil)
    record = try pupil(1, tests: ["other": [10]])
    record.subjects[3] = Circular27.SubjectYear(record.subjects[3].code, level: nil)
    #expect(result(record) == nil)
    record.subjects = []
    #expect(result(record) == nil)
  }
}
