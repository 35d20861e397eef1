import API
import GRPC

extension Demo {
  /// Has the results of all classes computed.
  ///
  /// - Returns: The classes, of every school year that the workbooks have.
  func compute(_ officer: Desk, _ places: [Place]) async throws -> [Class] {
    try await stages.run("Kết quả", "Results computed") {
      let catalog = RecordsV1.CatalogServiceClient(services.records)
      let years = try await officer.call {
        try await catalog.listSchoolYears(.init(), options: $0)
      }.schoolYears.map { String($0.name.split(separator: "/").last ?? "") }.sorted()
      let classes = try await inParallel(places) { place in
        var found: [Class] = []
        for year in years {
          found += try await officer.classes(of: place.school, in: year)
            .map { Class(school: place.school, year: year, entry: $0) }
        }
        return found
      }.flatMap { $0 }
      let answers = try await inParallel(classes) { try await officer.compute($0.entry) }
      let complete = answers.reduce(0) { $0 + Int($1.completeCount) }
      let incomplete = answers.reduce(0) { $0 + Int($1.incompleteCount) }
      let summary = words(
        "\(classes.count) lớp: \(complete) học sinh đủ kết quả, \(incomplete) chưa đủ",
        "\(classes.count) classes: \(complete) pupils complete, \(incomplete) not yet"
      )
      return (summary, classes)
    }
  }

  /// Each mark sheet signed by its subject teacher.
  func signSheets(_ officer: Desk, _ classes: [Class], _ signers: Signers) async throws {
    try await stages.run("Giáo viên bộ môn kí bảng điểm", "Mark sheets signed") {
      let open = try await inParallel(classes) { item in
        try await officer.openSheets(of: item.entry).map { (item.school, $0) }
      }.flatMap { $0 }
      let work = Dictionary(grouping: open) { "\($0.0.id)/\($0.1.teacher)" }
        .sorted { $0.key < $1.key }.map(\.value)
      let outcomes = try await inParallel(work) { sheets in
        guard let (school, first) = sheets.first,
          let signer = signers.of(first.teacher, at: school)
        else { return SigningOutcome.nobody(for: sheets.map(\.1.name)) }
        return try await signer.sign(
          sheets.map(\.1.name),
          as: .subjectTeacher,
          in: school.records
        )
      }
      let outcome = outcomes.reduce(SigningOutcome(), +)
      complain(outcome, open.map { ($0.1.name, "\($0.1.subjectDisplayName) HK \($0.1.term)") })
      let summary = words(
        "\(outcome.documents.count)/\(open.count) bảng điểm, \(work.count) giáo viên",
        "\(outcome.documents.count) of \(open.count) sheets by \(work.count) teachers"
      )
      return (summary, ())
    }
  }

  /// Each transcript signed by the class teacher, then the principal, then sealed.
  func signTranscripts(_ officer: Desk, _ classes: [Class], _ signers: Signers) async throws {
    try await stages.run(
      "Giáo viên chủ nhiệm, hiệu trưởng kí, đóng dấu học bạ",
      "Transcripts signed and sealed"
    ) {
      let answers = try await inParallel(classes) { item in
        let students = try await officer.students(of: item.entry)
        let outcome = try await signAll(students, of: item, signers)
        complain(
          outcome,
          students.map { ($0.transcript(in: item.year), "\($0.code) \($0.displayName)") }
        )
        return (students: students.count, issued: outcome.documents.count)
      }
      let issued = answers.reduce(0) { $0 + $1.issued }
      let students = answers.reduce(0) { $0 + $1.students }
      let summary = words(
        "\(issued)/\(students) học bạ của \(classes.count) lớp, mỗi bản 3 chữ kí",
        "\(issued) of \(students) transcripts of \(classes.count) classes, 3 signatures each"
      )
      return (summary, ())
    }
  }

  /// The three signatures in the order of the policy; who is refused one does not come to the next.
  private func signAll(
    _ students: [RecordsV1.Student],
    of item: Class,
    _ signers: Signers
  ) async throws -> SigningOutcome {
    let school = item.school
    let steps: [(SigningV1.Capacity, Signer?)] = [
      (.classTeacher, signers.of(item.entry.classTeacher, at: school)),
      (.principal, signers.principals[school.id]), (.seal, signers.seals[school.id]),
    ]
    var sources = students.map { $0.transcript(in: item.year) }
    var result = SigningOutcome()
    for (capacity, signer) in steps {
      guard let signer else {
        return SigningOutcome(refusals: result.refusals) + .nobody(for: sources)
      }
      let outcome = try await signer.sign(sources, as: capacity, in: school.records)
      result.refusals += outcome.refusals
      result.documents = outcome.documents
      sources = outcome.documents.map(\.source)
    }
    return result
  }

  /// That transcripts outside the roll-out are refused is asked for, not assumed.
  func showRefusals(_ officer: Desk, _ classes: [Class], _ signers: Signers) async throws {
    let others = classes.filter { !$0.entry.electronicTranscript }
    guard !others.isEmpty else { return }
    try await stages.run("Khối ngoài lộ trình", "Grades outside the roll-out") {
      var lines: [String] = []
      for (grade, members) in Dictionary(grouping: others, by: \.entry.grade).sorted(by: {
        $0.key < $1.key
      }) {
        guard let item = members.first,
          let signer = signers.of(item.entry.classTeacher, at: item.school),
          let student = try await officer.students(of: item.entry).first
        else { continue }
        let outcome = try await signer.sign(
          [student.transcript(in: item.year)],
          as: .classTeacher,
          in: item.school.records
        )
        let pupils = members.reduce(0) { $0 + Int($1.entry.studentCount) }
        let answer = outcome.refusals.first?.complaint.text ?? words("được kí!", "was signed!")
        lines.append(
          words(
            "khối \(grade), \(pupils) học sinh, điểm đã lưu; học bạ bị từ chối: \(answer)",
            "grade \(grade), \(pupils) pupils, marks kept; transcripts refused: \(answer)"
          )
        )
      }
      return (lines.joined(separator: "\n    "), ())
    }
  }

  private func complain(_ outcome: SigningOutcome, _ names: [(source: String, name: String)]) {
    let known = Dictionary(names.map { ($0.source, $0.name) }) { first, _ in first }
    stages.complain(
      outcome.refusals.map { (name: known[$0.source] ?? $0.source, text: $0.complaint.text) }
    )
  }
}
