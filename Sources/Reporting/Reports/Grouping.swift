import API
import Roster

/// What one row of a report stands for.
enum Grouping: Sendable {
  case school
  case grade
  case schoolClass

  /// Reads the request's word; `nil` for one that is not known here.
  init?(_ wire: ReportingV1.Grouping) {
    switch wire {
    case .unspecified, .school: self = .school
    case .grade: self = .grade
    case .class: self = .schoolClass
    default: return nil
    }
  }

  /// The group that a class belongs to.
  func group(of schoolClass: ReportClass) -> ReportingV1.Group {
    ReportingV1.Group(
      schoolCode: schoolClass.schoolCode,
      schoolDisplayName: schoolClass.schoolName,
      grade: self == .school ? 0 : Int32(schoolClass.grade.rawValue),
      classDisplayName: self == .schoolClass ? schoolClass.name : ""
    )
  }

  /// One row a group of classes, in the order in which the classes come.
  func rows<Item, Row>(
    of items: [Item],
    by schoolClass: KeyPath<Item, ReportClass>,
    _ row: (ReportingV1.Group, [Item]) -> Row
  ) -> [Row] {
    var rows: [Row] = []
    var rest = items[...]
    while let first = rest.first {
      let group = group(of: first[keyPath: schoolClass])
      let members = rest.prefix { self.group(of: $0[keyPath: schoolClass]) == group }
      rows.append(row(group, Array(members)))
      rest = rest.dropFirst(members.count)
    }
    return rows
  }
}
