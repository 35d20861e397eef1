import API
import ArgumentParser

/// `hocba report`: what the office counts.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: words("Báo cáo của phòng, sở và trường.", "Reports of offices and schools."),
    subcommands: [ProgressReport.self, ResultsReport.self]
  )
}

/// What both reports ask for.
struct ReportOptions: ParsableArguments {
  @OptionGroup var year: YearOption
  @Option(
    help: ArgumentHelp(
      words("Mỗi dòng là: school, grade hoặc class.", "What a row is: school, grade or class."),
      valueName: "school|grade|class"
    )
  )
  var by = ReportGrouping.school
  @Option(
    help: ArgumentHelp(
      words(
        "Mã đơn vị; không nói gì thì là đơn vị của người đăng nhập.",
        "Code of the unit; by default that of the person who is signed in."
      ),
      valueName: "code"
    )
  )
  var parent: String?
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
}

/// What a row of a report is.
enum ReportGrouping: String, CaseIterable, ExpressibleByArgument, Sendable {
  case school
  case grade
  case schoolClass = "class"

  var wire: ReportingV1.Grouping {
    switch self {
    case .school: .school
    case .grade: .grade
    case .schoolClass: .class
    }
  }
}

/// `hocba report progress`: marks and signatures, how many of how many.
struct ProgressReport: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress",
    abstract: words("Tiến độ vào điểm và kí.", "Progress of marks and signatures."),
    discussion: words("Ví dụ", "Example") + ": hocba report progress --year 2022-2023 --by class"
  )

  @OptionGroup var options: ReportOptions
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let answer = try await desk.progress(
      of: try await desk.unit(options.parent),
      in: options.year.year,
      by: options.by
    )
    Console.out(options.json ? OfficeReport.json(answer).text : OfficeReport.table(answer).text)
  }
}

/// `hocba report results`: how many pupils have which results.
struct ResultsReport: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: words("Phân bố kết quả cả năm.", "Distribution of the year's results."),
    discussion: words("Ví dụ", "Example") + ": hocba report results --year 2022-2023 --by grade"
  )

  @OptionGroup var options: ReportOptions
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let answer = try await desk.distribution(
      of: try await desk.unit(options.parent),
      in: options.year.year,
      by: options.by
    )
    Console.out(options.json ? OfficeReport.json(answer).text : OfficeReport.table(answer).text)
  }
}

extension Desk {
  /// The resource name of the unit of a code, or of the one where the person has a role.
  func unit(_ code: String?) async throws -> String {
    if let code { return try await organization(code: code).name }
    let session = try await session()
    guard let own = session.roles.first?.organization else {
      throw Failure(words("Hãy cho biết --parent.", "Say which unit with --parent."), status: 2)
    }
    return own
  }

  func progress(
    of unit: String,
    in year: String,
    by grouping: ReportGrouping
  ) async throws -> ReportingV1.Progress {
    let request = ReportingV1.GetProgressRequest(
      parent: unit,
      schoolYear: year,
      grouping: grouping.wire
    )
    return try await call { try await reports.getProgress(request, options: $0) }
  }

  func distribution(
    of unit: String,
    in year: String,
    by grouping: ReportGrouping
  ) async throws -> ReportingV1.Distribution {
    let request = ReportingV1.GetDistributionRequest(
      parent: unit,
      schoolYear: year,
      grouping: grouping.wire
    )
    return try await call { try await reports.getDistribution(request, options: $0) }
  }
}
