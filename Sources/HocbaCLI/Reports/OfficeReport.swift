import API

/// The office's reports for people and for programs.
enum OfficeReport {
  static func table(_ progress: ReportingV1.Progress) -> Table {
    var table = Table(
      groupHeading + [
        words("Học sinh", "Pupils"), words("Điểm", "Marks"),
        words("Bảng điểm đã kí", "Sheets signed"),
        words("GVCN kí", "Class teacher"), words("HT kí", "Principal"),
        words("Phát hành", "Issued"),
      ],
      numbers: [3, 4, 5, 6, 7, 8]
    )
    for row in progress.rows + [progress.total ?? .init()] {
      let transcripts = row.transcriptCount
      table.add(
        cells(row.group) + [
          "\(row.studentCount)", share(row.enteredMarkCount, row.requiredMarkCount),
          share(row.signedMarkSheetCount, row.markSheetCount),
          share(row.classTeacherSignedCount, transcripts),
          share(row.principalSignedCount, transcripts), share(row.issuedCount, transcripts),
        ]
      )
    }
    return table
  }

  static func table(_ distribution: ReportingV1.Distribution) -> Table {
    var table = Table(
      groupHeading + [
        words("Học sinh", "Pupils"), words("Chưa đủ", "Incomplete"), words("Kết quả", "Results"),
        words("Rèn luyện", "Conduct"), words("Lên lớp", "Promoted"), words("Khen thưởng", "Awards"),
      ],
      numbers: [3, 4, 7]
    )
    for row in distribution.rows + [distribution.total ?? .init()] {
      table.add(
        cells(row.group) + [
          "\(row.studentCount)", "\(row.incompleteCount)", counts(row.results),
          counts(row.conduct), "\(row.promotedCount)", counts(row.awards),
        ]
      )
    }
    return table
  }

  static func json(_ progress: ReportingV1.Progress) -> JSON {
    func row(_ row: ReportingV1.ProgressRow) -> JSON {
      .object(
        members(row.group) + [
          .init("students", .number(Int(row.studentCount))),
          .init("requiredMarks", .number(Int(row.requiredMarkCount))),
          .init("enteredMarks", .number(Int(row.enteredMarkCount))),
          .init("markSheets", .number(Int(row.markSheetCount))),
          .init("signedMarkSheets", .number(Int(row.signedMarkSheetCount))),
          .init("transcripts", .number(Int(row.transcriptCount))),
          .init("classTeacherSigned", .number(Int(row.classTeacherSignedCount))),
          .init("principalSigned", .number(Int(row.principalSignedCount))),
          .init("issued", .number(Int(row.issuedCount))),
        ]
      )
    }
    return .object([
      .init("rows", .array(progress.rows.map(row))), .init("total", row(progress.total ?? .init())),
    ])
  }

  static func json(_ distribution: ReportingV1.Distribution) -> JSON {
    func levels(_ levels: [ReportingV1.LevelCount]) -> JSON {
      .object(levels.map { .init($0.level, .number(Int($0.count))) })
    }
    func row(_ row: ReportingV1.DistributionRow) -> JSON {
      .object(
        members(row.group) + [
          .init("students", .number(Int(row.studentCount))),
          .init("incomplete", .number(Int(row.incompleteCount))),
          .init("results", levels(row.results)), .init("conduct", levels(row.conduct)),
          .init("promoted", .number(Int(row.promotedCount))), .init("awards", levels(row.awards)),
        ]
      )
    }
    return .object([
      .init("rows", .array(distribution.rows.map(row))),
      .init("total", row(distribution.total ?? .init())),
    ])
  }

  private static var groupHeading: [String] {
    [words("Trường", "School"), words("Khối", "Grade"), words("Lớp", "Class")]
  }

  private static func cells(_ group: ReportingV1.Group?) -> [String] {
    guard let group, !group.schoolCode.isEmpty else { return [words("Tổng", "Total"), "", ""] }
    let grade = group.grade > 0 ? "\(group.grade)" : ""
    return [group.schoolCode + " " + group.schoolDisplayName, grade, group.classDisplayName]
  }

  private static func members(_ group: ReportingV1.Group?) -> [JSON.Member] {
    [
      .init("school", .text(group?.schoolCode ?? "")),
      .init("schoolName", .text(group?.schoolDisplayName ?? "")),
      .init("grade", group.flatMap { $0.grade > 0 ? .number(Int($0.grade)) : nil } ?? .null),
      .init("class", .text(group?.classDisplayName ?? "")),
    ]
  }

  private static func share(_ part: Int32, _ whole: Int32) -> String {
    whole == 0 ? "–" : "\(part)/\(whole)"
  }

  private static func counts(_ levels: [ReportingV1.LevelCount]) -> String {
    levels.map { "\($0.level) \($0.count)" }.joined(separator: ", ")
  }
}
