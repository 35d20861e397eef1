/// The columns of a sheet of the school's own file.
protocol RosterColumn: Hashable, CaseIterable where AllCases == [Self] {
  /// The heading as it should be, then others that are in use.
  var headings: [String] { get }
  /// The columns that may be absent.
  static var optional: Set<Self> { get }
  /// The column that tells the rows of the table from notes.
  static var anchor: Self { get }
}

extension RosterColumn {
  static var layout: Layout<Self> {
    var columns: [String: Self] = [:]
    for column in allCases {
      for heading in column.headings { columns[heading.key] = column }
    }
    let known = columns
    return Layout(
      anchor: anchor,
      required: allCases.filter { !optional.contains($0) },
      repeatable: Set(allCases.filter { $0.headings[0] == "Họ và tên" }),
      match: { known[$0] },
      heading: { $0.headings[0] }
    )
  }
}

enum StaffColumn: RosterColumn {
  case code, name, dateOfBirth, sex, personalID, position, email

  static let anchor = Self.code
  static let optional: Set<Self> = [.personalID, .email]

  var headings: [String] {
    switch self {
    case .code: ["Mã nhân sự", "Mã giáo viên", "Mã CBGV", "Mã cán bộ", "Mã định danh"]
    case .name: ["Họ và tên", "Họ tên"]
    case .dateOfBirth: ["Ngày sinh", "Ngày tháng năm sinh"]
    case .sex: ["Giới tính", "Phái"]
    case .personalID: ["Số định danh cá nhân", "Số CCCD", "CCCD", "Số căn cước"]
    case .position: ["Chức vụ", "Vị trí việc làm"]
    case .email: ["Email", "Thư điện tử", "Địa chỉ email"]
    }
  }
}

enum ClassColumn: RosterColumn {
  case name, grade, year, classTeacher

  static let anchor = Self.name
  static let optional: Set<Self> = []

  var headings: [String] {
    switch self {
    case .name: ["Tên lớp", "Lớp", "Mã lớp"]
    case .grade: ["Khối", "Khối lớp"]
    case .year: ["Năm học"]
    case .classTeacher: ["Mã GVCN", "Mã giáo viên chủ nhiệm", "Giáo viên chủ nhiệm", "GVCN"]
    }
  }
}

enum StudentColumn: RosterColumn {
  case code, name, dateOfBirth, sex, ethnicGroup, birthplace, personalID, className, guardian
  case phone, address, status

  static let anchor = Self.code
  static let optional: Set<Self> = [.birthplace, .personalID, .guardian, .phone, .address]

  var headings: [String] {
    switch self {
    case .code: ["Mã học sinh", "Mã HS", "Mã định danh học sinh"]
    case .name: ["Họ và tên", "Họ tên", "Họ và tên học sinh"]
    case .dateOfBirth: ["Ngày sinh", "Ngày tháng năm sinh"]
    case .sex: ["Giới tính", "Phái"]
    case .ethnicGroup: ["Dân tộc"]
    case .birthplace: ["Nơi sinh"]
    case .personalID: ["Số định danh cá nhân", "Số CCCD", "CCCD", "Mã định danh cá nhân"]
    case .className: ["Lớp", "Tên lớp"]
    case .guardian: ["Người giám hộ", "Họ tên người giám hộ", "Cha mẹ hoặc người giám hộ"]
    case .phone: ["Điện thoại", "Số điện thoại", "SĐT"]
    case .address: ["Địa chỉ", "Chỗ ở hiện nay", "Địa chỉ thường trú"]
    case .status: ["Trạng thái", "Trạng thái học sinh"]
    }
  }
}

enum AssignmentColumn: RosterColumn {
  case subject, className, teacher, subjectName

  static let anchor = Self.subject
  static let optional: Set<Self> = [.subjectName]

  var headings: [String] {
    switch self {
    case .subject: ["Mã môn", "Mã môn học"]
    case .className: ["Tên lớp", "Lớp"]
    case .teacher: ["Mã giáo viên", "Mã nhân sự", "Mã GV"]
    case .subjectName: ["Tên môn", "Tên môn học", "Môn", "Môn học"]
    }
  }
}
