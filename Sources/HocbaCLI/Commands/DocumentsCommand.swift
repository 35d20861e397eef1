import ArgumentParser

/// `hocba documents`: fetches the transcripts that are in force.
struct DocumentsCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "documents",
    abstract: words("Tải học bạ đã phát hành.", "Fetch the transcripts that are issued."),
    discussion: words(
      """
      Mỗi học sinh một tệp <mã học sinh>-<năm học>.xml.

      Ví dụ: hocba documents --year 2022-2023 --out hoc-ba/
      """,
      """
      A file <pupil's code>-<school year>.xml each.

      Example: hocba documents --year 2022-2023 --out transcripts/
      """
    )
  )

  @OptionGroup var year: YearOption
  @Option(help: ArgumentHelp(words("Thư mục.", "Folder."), valueName: "folder"))
  var out: String
  @Option(help: ArgumentHelp(words("Chỉ trường này.", "Only this school."), valueName: "code"))
  var school: String?
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    var paths: [String] = []
    for school in try await desk.schools(code: school) {
      for transcript in try await desk.issuedTranscripts(of: school, in: year.year) {
        paths.append(try transcript.write(to: out))
        Console.progress("\(paths.count)  \(transcript.fileName)")
      }
    }
    Console.endProgress()
    if json { return Console.out(JSON.array(paths.map { .string($0) }).text) }
    Console.out(words("\(paths.count) học bạ trong \(out)", "\(paths.count) transcripts in \(out)"))
  }
}
