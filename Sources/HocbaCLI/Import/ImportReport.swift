import API

/// What is said of imports.
enum ImportReport {
  /// The cells that cannot be read.
  static func problems(_ problems: [RecordsV1.ImportProblem]) -> Table {
    var table = Table(
      [
        words("Tệp", "File"), words("Trang", "Sheet"), words("Dòng", "Row"),
        words("Cột", "Column"), words("Đang có", "Found"), words("Cần có", "Expected"),
        words("Lí do", "Reason"),
      ],
      numbers: [2]
    )
    for problem in problems {
      table.add([
        problem.file, problem.sheet, problem.row > 0 ? "\(problem.row)" : "", problem.column,
        problem.found, problem.expected, problem.reason,
      ])
    }
    return table
  }

  /// The values that change.
  static func changes(_ changes: [RecordsV1.ImportChange]) -> Table {
    var table = Table([
      words("Của ai", "Whose"), words("Mục", "Value"), words("Trước", "Before"),
      words("Sau", "After"),
    ])
    for change in changes {
      let sides = [change.oldValue, change.newValue].map {
        $0.isEmpty ? words("(trống)", "(empty)") : $0
      }
      table.add([change.subject, change.field] + sides)
    }
    return table
  }

  static func json(_ file: WorkbookFile, _ answer: RecordsV1.ImportWorkbookResponse) -> JSON {
    .object([
      .init("file", .string(file.name)), .init("school", .string(file.schoolCode)),
      .init("outcome", .string(answer.outcome.label)),
      .init("created", .number(Int(answer.createdCount))),
      .init("updated", .number(Int(answer.updatedCount))),
      .init("unchanged", .number(Int(answer.unchangedCount))),
      .init("changes", .array(answer.changes.map(json))),
      .init("problemCount", .number(Int(answer.problemCount))),
      .init("problems", .array(answer.problems.map(json))),
    ])
  }

  private static func json(_ change: RecordsV1.ImportChange) -> JSON {
    .object([
      .init("subject", .string(change.subject)), .init("field", .string(change.field)),
      .init("before", .text(change.oldValue)), .init("after", .text(change.newValue)),
    ])
  }

  private static func json(_ problem: RecordsV1.ImportProblem) -> JSON {
    .object([
      .init("file", .string(problem.file)), .init("sheet", .text(problem.sheet)),
      .init("row", problem.row > 0 ? .number(Int(problem.row)) : .null),
      .init("column", .text(problem.column)), .init("found", .string(problem.found)),
      .init("expected", .string(problem.expected)), .init("reason", .string(problem.reason)),
    ])
  }
}
