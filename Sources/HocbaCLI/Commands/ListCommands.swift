import API
import ArgumentParser

/// `hocba schools`: the schools that the person may see.
struct SchoolsCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "schools",
    abstract: words("Liệt kê các trường.", "List the schools.")
  )

  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let schools = try await desk.schools()
    if json {
      let list = schools.map { school in
        JSON.object([
          .init("code", .string(school.code)), .init("name", .string(school.displayName)),
          .init("organization", .string(school.organization)),
        ])
      }
      return Console.out(JSON.array(list).text)
    }
    var table = Table([words("Mã", "Code"), words("Tên", "Name")])
    for school in schools { table.add([school.code, school.displayName]) }
    Console.out(table.text)
  }
}

/// `hocba classes`: the classes of a school.
struct ClassesCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "classes",
    abstract: words("Liệt kê các lớp của một trường.", "List the classes of a school."),
    discussion: words("Ví dụ", "Example") + ": hocba classes 74725501 --year 2022-2023"
  )

  @Argument(help: ArgumentHelp(words("Mã trường.", "Code of the school."), valueName: "school"))
  var school: String
  @OptionGroup var year: YearOption
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let found = School(try await desk.organization(code: school))
    let classes = try await desk.classes(of: found, in: year.year)
    if json {
      let list = classes.map { item in
        JSON.object([
          .init("class", .string(item.displayName)), .init("grade", .number(Int(item.grade))),
          .init("classTeacher", .text(item.classTeacher)),
          .init("students", .number(Int(item.studentCount))),
          .init("electronicTranscript", .bool(item.electronicTranscript)),
        ])
      }
      return Console.out(JSON.array(list).text)
    }
    if classes.isEmpty { return year.sayNothingFound() }
    var table = Table(
      [
        words("Lớp", "Class"), words("Khối", "Grade"), words("Sĩ số", "Pupils"),
        words("GVCN", "Class teacher"), words("Học bạ điện tử", "Electronic transcript"),
      ],
      numbers: [1, 2]
    )
    for item in classes {
      table.add([
        item.displayName, "\(item.grade)", "\(item.studentCount)", item.classTeacher,
        item.electronicTranscript ? words("có", "yes") : words("chưa", "no"),
      ])
    }
    Console.out(table.text)
  }
}

/// The school year, which many commands ask for.
struct YearOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words("Năm học, như 2022-2023.", "School year, such as 2022-2023."),
      valueName: "year"
    )
  )
  var year: String

  /// In place of an empty table.
  func sayNothingFound() {
    Console.note(
      words("Không có lớp nào trong năm học \(year).", "There are no classes in \(year).")
    )
  }
}
