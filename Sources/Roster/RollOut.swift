/// Which grades have electronic transcripts in which school year: a district's dated data.
package struct RollOut: Sendable, Hashable {
  /// The grades by the first school year for which the row holds; a row holds until the next.
  package let gradesFrom: [SchoolYear: Set<Grade>]

  /// Makes a roll-out of rows.
  package init(gradesFrom: [SchoolYear: Set<Grade>]) { self.gradesFrom = gradesFrom }

  /// Tells whether electronic transcripts of a grade can be issued for a school year.
  package func covers(_ grade: Grade, in year: SchoolYear) -> Bool {
    let latest = gradesFrom.keys.filter { $0 <= year }.max()
    return latest.flatMap { gradesFrom[$0] }?.contains(grade) ?? false
  }

  /// The plan of Thuận An, 18 August 2022.
  package static let thuanAn = RollOut(rows: [
    2022: [1, 6],
    2023: [1, 2, 6, 7],
    2024: [1, 2, 3, 6, 7, 8],
    2025: [1, 2, 3, 4, 6, 7, 8, 9],
    2026: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ])

  private init(rows: [Int: [Int]]) {
    var table: [SchoolYear: Set<Grade>] = [:]
    for (startYear, grades) in rows {
      table[SchoolYear(known: startYear)] = Set(grades.compactMap(Grade.init(rawValue:)))
    }
    gradesFrom = table
  }
}
