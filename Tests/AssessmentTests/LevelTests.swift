import Roster
import Testing

@testable import Assessment

@Suite("Levels")
struct LevelTests {
  @Test func `have the codes of the forms, from low to high`() {
    #expect(ConductLevel.allCases.map(\.rawValue) == ["CĐ", "Đ", "K", "T"])
    #expect(AcademicLevel.allCases.map(\.rawValue) == ["CĐ", "Đ", "K", "T"])
    #expect(CommentLevel.allCases.map(\.rawValue) == ["CĐ", "Đ"])
    #expect(SubjectLevel.allCases.map(\.rawValue) == ["C", "H", "T"])
    #expect(TraitLevel.allCases.map(\.rawValue) == ["C", "Đ", "T"])
    #expect(PrimaryResult.allCases.map(\.rawValue) == ["CHT", "HT", "HTT", "HTXS"])
    #expect(ConductLevel.allCases.sorted() == ConductLevel.allCases)
    #expect(SubjectLevel.completed < .completedWell)
  }

  @Test func `have names`() {
    #expect(ConductLevel.allCases.map(\.name) == ["Chưa đạt", "Đạt", "Khá", "Tốt"])
    #expect(AcademicLevel.good.name == "Tốt")
    #expect(SubjectLevel.completedWell.name == "Hoàn thành tốt")
    #expect(TraitLevel.needsEffort.name == "Cần cố gắng")
    #expect(PrimaryResult.completedExcellently.name == "Hoàn thành xuất sắc")
    #expect(CommentLevel.notPassed.name == "Chưa đạt")
  }
}

@Suite("Traits")
struct TraitTests {
  @Test func `are 13 in grades 1 and 2, 15 from grade 3, none in lower secondary school`() {
    let counts = Grade.allCases.map { Assessment.Trait.assessed(in: $0).count }
    #expect(counts == [13, 13, 15, 15, 15, 0, 0, 0, 0])
  }

  @Test func `are five qualities, three general and seven specific competencies`() {
    let counts = Assessment.Trait.Group.allCases.map { group in
      Assessment.Trait.allCases.count { $0.group == group }
    }
    #expect(counts == [5, 3, 7])
  }

  @Test func `are found by the names of the class summary sheet`() {
    #expect(Assessment.Trait(named: "Giải quyết vấn đề và sáng tạo") == .problemSolving)
    #expect(Assessment.Trait(named: "Thẩm mỹ") == .aesthetics)
    #expect(Assessment.Trait(named: "Toán") == nil)
  }
}
