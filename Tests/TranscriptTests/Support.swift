import Assessment
import Foundation
import Roster

@testable import Transcript
import TestTools

/// Runs xmllint on some bytes and returns what it printed and how it ended.
func xmllint(_ arguments: [String], on bytes: [UInt8]) throws -> (status: Int32, output: String) {
  let file = FileManager.default.temporaryDirectory
    .appendingPathComponent("hocba-\(UUID().uuidString).xml")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try Shell.run(["xmllint", "--nonet"] + arguments + [file.path])
}

/// Tells whether the schema of the project accepts some bytes.
func isValid(_ bytes: [UInt8]) throws -> Bool {
  let schema = Repository.root.appending(path: "proto/schema/hocba-document-1.xsd")
  return try xmllint(["--noout", "--schema", schema.path], on: bytes).status == 0
}

/// Tells whether some bytes are their own exclusive canonical form.
func isCanonical(_ bytes: [UInt8]) throws -> Bool {
  let canonical = try xmllint(["--exc-c14n"], on: bytes)
  return canonical.status == 0 && canonical.output == text(bytes)
}

/// The bytes as text.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

let digest = String(repeating: "0123456789abcdef", count: 4)

/// The transcript of a pupil of grade 6 whose subjects all have the same average and level.
func lowerSecondary(
  average: Int = 80,
  conduct: ConductLevel = .good,
  reassessed: SubjectResults = SubjectResults(),
  trainedConduct: ConductLevel? = nil
) -> TranscriptDocument? {
  guard let grade = Grade(rawValue: 6), let score = Score(tenths: average) else { return nil }
  let subjects = SubjectCatalogue.curriculum2018.subjects(in: grade)
    .filter { $0.offerings[grade]?.isElective == false }
  let term = Circular22.TermRecord(
    subjects: subjects.map {
      Circular22.SubjectTerm(
        $0.code,
        $0.kind == .scored ? .carriedAverage(score) : .carriedComment(.passed)
      )
    },
    conduct: conduct,
    absences: Circular22.Absences(excused: 2, unexcused: 1)
  )
  let year = Circular22.evaluateYear(
    Circular22.YearRecord(
      firstTerm: term,
      secondTerm: term,
      reassessed: reassessed,
      trainedConduct: trainedConduct
    )
  )
  return document(grade, subjects, .lowerSecondary(year))
}

/// The transcript of a pupil of grade 1.
func primary(level: SubjectLevel = .completedWell, test: Int? = 9) -> TranscriptDocument? {
  guard let grade = Grade(rawValue: 1) else { return nil }
  let subjects = SubjectCatalogue.curriculum2018.subjects(in: grade)
    .filter { $0.offerings[grade]?.isElective == false }
  let year = Circular27.evaluateYear(
    Circular27.YearRecord(
      grade: grade,
      subjects: subjects.map {
        let isTested = $0.offerings[grade]?.testedPeriods.isEmpty == false
        let tests = test.flatMap(TestScore.init(points:)).map { [$0] } ?? []
        return Circular27.SubjectYear($0.code, level: level, tests: isTested ? tests : nil)
      },
      traits: Dictionary(uniqueKeysWithValues: Trait.assessed(in: grade).map { ($0, .good) })
    )
  )
  return document(grade, subjects, .primary(year))
}

private func document(
  _ grade: Grade,
  _ subjects: [Subject],
  _ results: TranscriptDocument.Results
) -> TranscriptDocument? {
  guard let schoolClass = schoolClass(grade), let birth = CivilDate("2011-02-02") else {
    return nil
  }
  return TranscriptDocument(
    schoolClass: schoolClass,
    pupil: Pupil(
      code: "7400100161",
      name: "Huỳnh Tuấn Sơn",
      dateOfBirth: birth,
      sex: .male,
      ethnicGroup: EthnicGroup(code: "05"),
      birthplace: "Bình Dương",
      personalID: PersonalID("074211268182")
    ),
    classTeacher: StaffMember(code: "74725501-004", name: "Nguyễn Anh Hiếu"),
    principal: StaffMember(code: "74725501-001", name: "Lê Mỹ Yến"),
    ruleSet: "tt22-2021/1",
    subjects: subjects.map { subject in
      TranscriptDocument.SubjectRow(
        code: subject.code,
        name: subject.name,
        comment: "Có tiến bộ",
        markSheets: Term.allCases.map {
          MarkSheetReference(
            term: $0,
            id: "schools/1/classes/2/markSheets/\(subject.code)-hk\($0 == .first ? 1 : 2)",
            digest: digest,
            signer: "Mai Văn Sơn"
          )
        }
      )
    },
    results: results,
    comment: "Chăm học"
  )
}

func schoolClass(_ grade: Grade) -> SchoolClass? {
  guard let year = SchoolYear("2022-2023") else { return nil }
  return SchoolClass(
    school: School(
      code: "74725501",
      name: "Trường Trung học cơ sở Mẫu",
      district: "Thành phố Thuận An",
      province: "Tỉnh Bình Dương"
    ),
    schoolYear: year,
    grade: grade,
    name: "6A1"
  )
}
