import API

/// Results for people: a table a class.
enum ResultTables {
  static func text(_ results: [RecordsV1.StudentResult]) -> String {
    var parts: [String] = []
    var rest = results[...]
    while let first = rest.first {
      let members = rest.prefix {
        $0.schoolCode == first.schoolCode && $0.classDisplayName == first.classDisplayName
      }
      let title =
        words("Trường", "School") + " \(first.schoolCode), " + words("lớp", "class")
        + " \(first.classDisplayName)"
      let table = first.primary == nil ? lowerSecondary(members) : primary(members)
      parts.append(title + "\n" + table.text)
      rest = rest.dropFirst(members.count)
    }
    return parts.joined(separator: "\n\n")
  }

  private static func lowerSecondary(_ results: ArraySlice<RecordsV1.StudentResult>) -> Table {
    var table = Table([
      words("Mã", "Code"), words("Họ và tên", "Name"), words("HT I", "Acad. I"),
      words("HT II", "Acad. II"), words("HT cả năm", "Acad. year"),
      words("RL cả năm", "Conduct"), words("Nghỉ", "Absent"), words("Lên lớp", "Promoted"),
      words("Khen thưởng", "Award"),
    ])
    for result in results {
      let year = result.lowerSecondary
      let promotion =
        switch year?.promotion {
        case .promoted?: words("được", "yes")
        case .retained?: words("chưa", "no")
        default: "…"
        }
      table.add([
        result.studentCode, result.studentDisplayName, academic(year?.firstTerm),
        academic(year?.secondTerm), academic(year?.year), shown(year?.year?.conduct),
        "\(year?.absenceCount ?? 0)", promotion, year?.award ?? "",
      ])
    }
    return table
  }

  private static func primary(_ results: ArraySlice<RecordsV1.StudentResult>) -> Table {
    var table = Table([
      words("Mã", "Code"), words("Họ và tên", "Name"), words("Kết quả", "Result"),
      words("Bài kiểm tra cuối năm", "Tests at the end of the year"), words("Khen thưởng", "Award"),
    ])
    for result in results {
      let tests = result.primary?.tests.map { "\($0.subject) \($0.tenths / 10)" } ?? []
      table.add([
        result.studentCode, result.studentDisplayName, shown(result.primary?.result),
        tests.joined(separator: ", "), result.primary?.award ?? "",
      ])
    }
    return table
  }

  /// An asterisk marks the one-subject adjustment (circular 22/2021, article 9.3).
  private static func academic(_ period: RecordsV1.LowerSecondaryPeriod?) -> String {
    shown(period?.academic) + (period?.adjusted == true ? "*" : "")
  }

  private static func shown(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "…" }
    return text
  }
}
