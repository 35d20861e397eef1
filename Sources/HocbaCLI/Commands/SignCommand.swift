import API
import ArgumentParser

/// `hocba sign`: signs as the person who is signed in.
struct SignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: words("Kí bảng điểm và học bạ.", "Sign mark sheets and transcripts."),
    discussion: words(
      """
      Dịch vụ chuẩn bị văn bản, máy này kiểm tra và kí bằng khoá của người kí, dịch vụ ghi lại.

      Ví dụ:
        hocba sign sheets --school 74725501 --class 6A1 --year 2022-2023 --certificate toi.crt --key toi.key
        hocba sign transcripts --as principal --school 74725501 --class 6A1 --year 2022-2023 \
      --certificate toi.crt --key toi.key
      """,
      """
      The service prepares the documents, this machine looks at them and signs with the signer's key, the \
      service stores the signatures.

      Examples:
        hocba sign sheets --school 74725501 --class 6A1 --year 2022-2023 --certificate me.crt --key me.key
        hocba sign transcripts --as principal --school 74725501 --class 6A1 --year 2022-2023 \
      --certificate me.crt --key me.key
      """
    ),
    subcommands: [SignSheetsCommand.self, SignTranscriptsCommand.self]
  )
}

/// What both commands ask for.
struct SigningOptions: ParsableArguments {
  @Option(help: ArgumentHelp(words("Mã trường.", "Code of the school."), valueName: "code"))
  var school: String
  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(words("Tên lớp.", "Name of the class."), valueName: "name")
  )
  var schoolClass: String
  @OptionGroup var year: YearOption
  @OptionGroup var files: KeyOptions

  func show(_ outcome: SigningOutcome) throws {
    let count = outcome.documents.count
    Console.out(
      count == 0 && outcome.refusals.isEmpty
        ? words("Không có văn bản nào chờ kí.", "Nothing is waiting to be signed.")
        : words("Đã kí \(count) văn bản.", "\(count) signed.")
    )
    for refused in outcome.refusals {
      Console.note("  \(refused.source)\n    \(refused.complaint.text)")
    }
    if !outcome.refusals.isEmpty { throw ExitCode(1) }
  }
}

/// `hocba sign sheets`: a subject teacher signs their mark sheets of a class.
struct SignSheetsCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheets",
    abstract: words(
      "Giáo viên bộ môn kí bảng điểm của mình.",
      "A subject teacher signs their mark sheets."
    )
  )

  @OptionGroup var options: SigningOptions
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let school = School(try await desk.organization(code: options.school))
    let key = try options.files.signingKey()
    let session = try await desk.session()
    let certificate = try await desk.registered(key, to: session.person?.name ?? "")
    let classes = try await desk.classes(
      of: school,
      in: options.year.year,
      named: options.schoolClass
    )
    var sources: [String] = []
    for item in classes {
      sources += try await desk.openSheets(of: item)
        .filter { $0.teacher == session.person?.staffCode }.map(\.name)
    }
    let signer = Signer(desk: desk, key: key, certificate: certificate)
    try options.show(
      try await signer.sign(sources, as: .subjectTeacher, in: school.records)
    )
  }
}

/// `hocba sign transcripts`: class teacher, principal or seal, in the order of the policy.
struct SignTranscriptsCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcripts",
    abstract: words(
      "Giáo viên chủ nhiệm, hiệu trưởng kí và văn thư đóng dấu học bạ.",
      "Class teacher and principal sign, the clerk seals transcripts."
    )
  )

  /// In which capacity.
  enum Capacity: String, CaseIterable, ExpressibleByArgument, Sendable {
    case classTeacher = "class-teacher"
    case principal
    case seal

    var wire: SigningV1.Capacity {
      switch self {
      case .classTeacher: .classTeacher
      case .principal: .principal
      case .seal: .seal
      }
    }
  }

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      words("Kí với tư cách.", "In which capacity."),
      valueName: "class-teacher|principal|seal"
    )
  )
  var capacity: Capacity
  @OptionGroup var options: SigningOptions
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let school = School(try await desk.organization(code: options.school))
    let key = try options.files.signingKey()
    let person = try await desk.session().person?.name ?? ""
    let holder = capacity == .seal ? school.organization : person
    let certificate = try await desk.registered(key, to: holder)
    let classes = try await desk.classes(
      of: school,
      in: options.year.year,
      named: options.schoolClass
    )
    var sources: [String] = []
    for item in classes {
      sources += try await desk.students(of: item).map { $0.transcript(in: options.year.year) }
    }
    let signer = Signer(desk: desk, key: key, certificate: certificate)
    try options.show(try await signer.sign(sources, as: capacity.wire, in: school.records))
  }
}

extension Desk {
  /// The mark sheets of a class that are not signed as they stand, as far as the person sees them.
  func openSheets(of schoolClass: RecordsV1.SchoolClass) async throws -> [RecordsV1.MarkSheet] {
    let answer = try await call {
      try await markSheets.listMarkSheets(.init(parent: schoolClass.name), options: $0)
    }
    return answer.markSheets.filter { $0.state != .signed }
  }
}

extension RecordsV1.Student {
  /// The name of the pupil's transcript of a year.
  func transcript(in year: String) -> String { "\(name)/transcripts/\(year)" }
}
