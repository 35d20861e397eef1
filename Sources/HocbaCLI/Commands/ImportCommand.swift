import API
import ArgumentParser
import Foundation

/// `hocba import`: brings in workbooks.
struct ImportCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: words("Nhập các tệp Excel của trường.", "Bring in a school's workbooks."),
    discussion: words(
      """
      Mỗi tệp được nhập trọn vẹn hoặc không nhập gì. Tệp có ô sai thì mọi ô sai được liệt kê một lượt: \
      sửa trong Excel rồi nhập lại. Nhập lại cùng một tệp không thay đổi gì. Với thư mục, \
      ho-so-truong.xlsx được nhập trước, rồi đến các tệp khác; mã trường lấy từ truong.json hoặc tên \
      thư mục.

      Ví dụ:
        hocba import 74725501/ --dry-run            xem trước, không ghi gì
        hocba import 74725501/
        hocba import so-diem-6A1-hk1.xlsx --school 74725501
      """,
      """
      A file is brought in as a whole or not at all. If cells are wrong, all of them are listed at once: \
      correct them in Excel and try again. The same file again changes nothing. Of a folder, \
      ho-so-truong.xlsx comes first, then the others; the school's code is that of truong.json or the \
      folder's name.

      Examples:
        hocba import 74725501/ --dry-run            look ahead, write nothing
        hocba import 74725501/
        hocba import so-diem-6A1-hk1.xlsx --school 74725501
      """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words("Tệp .xlsx hoặc thư mục.", ".xlsx files or folders."),
      valueName: "path"
    )
  )
  var paths: [String]
  @Option(
    help: ArgumentHelp(words("Mã trường.", "Code of the school."), valueName: "code")
  )
  var school: String?
  @Flag(help: ArgumentHelp(words("Chỉ xem trước, không ghi.", "Only report, write nothing.")))
  var dryRun = false
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let files = try paths.flatMap { try Self.files(at: $0, school: school) }
    guard !files.isEmpty else {
      throw Failure(words("Không có tệp .xlsx nào.", "There are no .xlsx files."))
    }
    // Before anything is written: a wrong code is told at once.
    var schools: [String: School] = [:]
    for code in Set(files.map(\.schoolCode)).sorted() {
      schools[code] = School(try await desk.organization(code: code))
    }
    var answers: [(file: WorkbookFile, answer: RecordsV1.ImportWorkbookResponse)] = []
    var obstacle: (any Error)?
    for file in files {
      guard let school = schools[file.schoolCode] else { continue }
      Console.progress("\(answers.count + 1)/\(files.count)  \(file.name)")
      do {
        answers.append((file, try await desk.bringIn(file.url, to: school, isDryRun: dryRun)))
      } catch {
        obstacle = error
        break
      }
    }
    Console.endProgress()
    if json {
      Console.out(JSON.array(answers.map { ImportReport.json($0.file, $0.answer) }).text)
    } else if !answers.isEmpty {
      show(answers)
    }
    if let obstacle { throw obstacle }
    if answers.contains(where: { $0.answer.outcome == .rejected }) { throw ExitCode(1) }
  }

  private func show(_ answers: [(file: WorkbookFile, answer: RecordsV1.ImportWorkbookResponse)]) {
    var table = Table(
      [
        words("Trường", "School"), words("Tệp", "File"), words("Kết quả", "Outcome"),
        words("Mới", "New"), words("Sửa", "Changed"), words("Như cũ", "Same"),
        words("Lỗi", "Wrong"),
      ],
      numbers: [3, 4, 5, 6]
    )
    for (file, answer) in answers {
      table.add([
        file.schoolCode, file.name, answer.outcome.text, "\(answer.createdCount)",
        "\(answer.updatedCount)", "\(answer.unchangedCount)", "\(answer.problemCount)",
      ])
    }
    Console.out(table.text)
    let changes = ImportReport.changes(answers.flatMap(\.answer.changes))
    if !changes.isEmpty { Console.out("\n" + words("Thay đổi:", "Changes:") + "\n" + changes.text) }
    let problems = ImportReport.problems(answers.flatMap(\.answer.problems))
    if !problems.isEmpty {
      Console.out("\n" + words("Cần sửa:", "To be corrected:") + "\n" + problems.text)
    }
    // A service lists a thousand of a file at most.
    let rest = answers.reduce(0) { $0 + Int($1.answer.problemCount) - $1.answer.problems.count }
    if rest > 0 { Console.out(words("và \(rest) chỗ nữa", "and \(rest) more")) }
  }

  /// The workbooks that a path stands for, with the codes of their schools.
  static func files(at path: String, school: String?) throws -> [WorkbookFile] {
    let url = URL(filePath: path)
    var isFolder = false
    guard let values = try? url.resourceValues(forKeys: [.isDirectoryKey]) else {
      throw Failure(words("Không có \(path).", "There is no \(path)."), status: 2)
    }
    isFolder = values.isDirectory ?? false
    if isFolder {
      return try SchoolFolder.all(in: url).flatMap { folder in
        try folder.workbooks().map { WorkbookFile(url: $0, schoolCode: school ?? folder.code) }
      }
    }
    let folder = url.absoluteURL.deletingLastPathComponent()
    return [WorkbookFile(url: url, schoolCode: try school ?? SchoolFolder(folder).code)]
  }
}
