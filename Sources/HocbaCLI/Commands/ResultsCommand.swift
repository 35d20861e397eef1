import API
import ArgumentParser
import GRPC

/// `hocba results`: what the circulars make of the marks.
struct ResultsCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: words("In kết quả của học sinh.", "Print the pupils' results."),
    discussion: words(
      """
      Kết quả được tính theo điểm hiện có (Thông tư 22/2021, 27/2020). Dấu * là được điều chỉnh theo \
      Điều 9 khoản 3; … là chưa đủ dữ liệu.

      Ví dụ:
        hocba results --year 2022-2023 --school 74725501
        hocba results --year 2022-2023 --json > ket-qua.json
      """,
      """
      Results are computed as the marks stand (circulars 22/2021 and 27/2020). * marks an adjustment \
      under article 9.3; … means that something is missing.

      Examples:
        hocba results --year 2022-2023 --school 74725501
        hocba results --year 2022-2023 --json > results.json
      """
    )
  )

  @OptionGroup var year: YearOption
  @Option(help: ArgumentHelp(words("Chỉ trường này.", "Only this school."), valueName: "code"))
  var school: String?
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    var results: [RecordsV1.StudentResult] = []
    for school in try await desk.schools(code: school) {
      results += try await desk.allResults(of: school, in: year.year)
    }
    if json { return Console.out(ResultsDocument.json(year.year, results).text) }
    if results.isEmpty { return year.sayNothingFound() }
    Console.out(ResultTables.text(results))
  }
}

extension Desk {
  /// The results of a school's pupils.
  func allResults(
    of school: School,
    in year: String
  ) async throws -> [RecordsV1.StudentResult] {
    try await call { options in
      let stream = results.streamResults(
        .init(parent: school.records, schoolYear: year),
        options: options
      )
      var found: [RecordsV1.StudentResult] = []
      for try await result in stream { found.append(result) }
      return found
    }
  }

  /// Has the results of a class computed and stored.
  func compute(
    _ schoolClass: RecordsV1.SchoolClass
  ) async throws -> RecordsV1.ComputeResultsResponse {
    let request = RecordsV1.ComputeResultsRequest(
      parent: schoolClass.name,
      requestID: Self.requestID()
    )
    return try await call { try await results.computeResults(request, options: $0) }
  }
}

/// `hocba compute`: has results computed and stored, for the office's reports.
struct ComputeCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: words(
      "Tính và lưu kết quả của các lớp.",
      "Compute and store the results of classes."
    ),
    discussion: words("Ví dụ", "Example") + ": hocba compute --year 2022-2023 --school 74725501"
  )

  @OptionGroup var year: YearOption
  @Option(help: ArgumentHelp(words("Chỉ trường này.", "Only this school."), valueName: "code"))
  var school: String?
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    var rows: [(school: String, schoolClass: String, answer: RecordsV1.ComputeResultsResponse)] = []
    for school in try await desk.schools(code: school) {
      for item in try await desk.classes(of: school, in: year.year) {
        rows.append((school.code, item.displayName, try await desk.compute(item)))
      }
    }
    if json {
      let list = rows.map { row in
        JSON.object([
          .init("school", .string(row.school)), .init("class", .string(row.schoolClass)),
          .init("complete", .number(Int(row.answer.completeCount))),
          .init("incomplete", .number(Int(row.answer.incompleteCount))),
        ])
      }
      return Console.out(JSON.array(list).text)
    }
    if rows.isEmpty { return year.sayNothingFound() }
    var table = Table(
      [
        words("Trường", "School"), words("Lớp", "Class"), words("Đủ", "Complete"),
        words("Thiếu", "Incomplete"),
      ],
      numbers: [2, 3]
    )
    for row in rows {
      table.add([
        row.school, row.schoolClass, "\(row.answer.completeCount)", "\(row.answer.incompleteCount)",
      ])
    }
    Console.out(table.text)
  }
}
