import Roster
import Workbook

extension RosterReader {
  mutating func staffRow(
    _ reader: inout SheetReader<StaffColumn>,
    _ row: Int,
    _ firsts: inout Firsts<StaffColumn>
  ) -> StaffRow? {
    let code = reader.requiredText(row, .code)
    firsts.check(code?.codeKey, row, .code, &reader)
    if let code { staffCodes[code.codeKey] = code }
    let name = reader.requiredText(row, .name)
    let born = reader.day(row, .dateOfBirth)
    let sex = reader.sex(row, .sex)
    let id = reader.personalID(row, .personalID, born, sex)
    firsts.check(id?.description, row, .personalID, &reader)
    let position = position(&reader, row)
    let email = reader.text(row, .email)?.filter { $0 != " " }
    if let email, !email.contains(/[^@]+@[^@]+\.[^@]+/) {
      reader.report(row, .email, "địa chỉ thư điện tử, ví dụ ten@truong.edu.vn", .valueInvalid)
    }
    guard let code, let name, let born, let sex, let position else { return nil }
    return StaffRow(
      code: code,
      name: name,
      dateOfBirth: born,
      sex: sex,
      personalID: id,
      position: position,
      email: email
    )
  }

  private func position(
    _ reader: inout SheetReader<StaffColumn>,
    _ row: Int
  ) -> StaffPosition? {
    guard let text = reader.requiredText(row, .position) else { return nil }
    if let position = StaffPosition(named: text) { return position }
    let key = text.key
    if let office = Self.offices.first(where: { key.hasPrefix($0.key) }) { return office.position }
    let names = StaffPosition.allCases.map(\.name).joined(separator: ", ")
    reader.report(row, .position, "một chức vụ: \(names)", .valueInvalid)
    return nil
  }

  /// Other offices, by how their keys begin: what stands behind says more than we keep.
  private static let offices: [(key: String, position: StaffPosition)] = [
    ("phohieutruong", .deputyPrincipal), ("hieupho", .deputyPrincipal), ("vanthu", .clerk),
    ("ketoan", .accountant), ("thuvien", .librarian), ("nhanvienthuvien", .librarian),
    ("ite", .healthWorker), ("nhanvienite", .healthWorker), ("nhanvienvanthu", .clerk),
    ("nhanvienketoan", .accountant),
    // Offices that a teacher holds besides teaching.
    ("giaovien", .teacher), ("totruong", .teacher), ("tophochuienmon", .teacher),
    ("topho", .teacher), ("tongphutrach", .teacher),
    ("nhanvien", .employee), ("baove", .employee), ("thuqui", .employee), ("tapvu", .employee),
    ("phucvu", .employee), ("capduong", .employee), ("laocong", .employee),
    ("thietbi", .employee),
  ]

  mutating func classRow(
    _ reader: inout SheetReader<ClassColumn>,
    _ row: Int,
    _ firsts: inout Firsts<ClassColumn>
  ) -> ClassRow? {
    let name = reader.classText(row, .name)
    firsts.check(name?.classKey, row, .name, &reader)
    let grade = grade(&reader, row)
    if case .date(let day) = reader.cell(row, .name) {
      // What was `1/2` is said once, and not again for each pupil of the class.
      for name in ["\(day.day)-\(day.month)", "\(day.month)-\(day.day)"] {
        classes[name] = classes[name] ?? (name, grade)
      }
    }
    if let name, let grade, let number = Int(name.prefix { $0.isNumber }),
      Grade(rawValue: number).map({ $0 != grade }) ?? false
    {
      reader.report(row, .grade, "khối \(number) như tên lớp \(name)", .valueInvalid)
    }
    let year = year(&reader, row)
    let teacher = staffCode(&reader, row, .classTeacher)
    if let name { classes[name.classKey] = (name, grade) }
    guard let name, let grade, let year, let teacher else { return nil }
    return ClassRow(name: name, grade: grade, year: year, classTeacher: teacher)
  }

  private func grade(_ reader: inout SheetReader<ClassColumn>, _ row: Int) -> Grade? {
    guard let text = reader.requiredText(row, .grade) else { return nil }
    let number = text.key.hasPrefix("khoi") ? String(text.key.dropFirst(4)) : text.halfWidth
    if let grade = Int(number).flatMap(Grade.init(rawValue:)) { return grade }
    reader.report(row, .grade, "khối từ 1 đến 9", .valueInvalid)
    return nil
  }

  private mutating func year(_ reader: inout SheetReader<ClassColumn>, _ row: Int) -> SchoolYear? {
    guard let text = reader.requiredText(row, .year) else { return nil }
    guard let year = SchoolYear(text.plain.filter { $0 != " " }) else {
      reader.report(row, .year, "năm học, ví dụ 2022-2023", .valueInvalid)
      return nil
    }
    // The file is that of one school year.
    let usual = self.year ?? usualYear(reader) ?? year
    self.year = usual
    if year != usual {
      reader.report(row, .year, "năm học \(usual) như các lớp khác", .yearMismatch)
    }
    return year
  }

  /// The year of most classes, of the earliest where two have as many.
  private func usualYear(_ reader: SheetReader<ClassColumn>) -> SchoolYear? {
    var counts: [SchoolYear: Int] = [:]
    for row in reader.rowNumbers {
      guard let year = SchoolYear(reader.cell(row, .year).shown.plain.filter { $0 != " " }) else {
        continue
      }
      counts[year, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  mutating func pupilRow(
    _ reader: inout SheetReader<StudentColumn>,
    _ row: Int,
    _ firsts: inout Firsts<StudentColumn>
  ) -> PupilRow? {
    let code = pupilCode(&reader, row)
    firsts.check(code, row, .code, &reader, .pupilDuplicate)
    let name = reader.requiredText(row, .name)
    let born = reader.day(row, .dateOfBirth)
    let sex = reader.sex(row, .sex)
    let id = reader.personalID(row, .personalID, born, sex)
    firsts.check(id?.description, row, .personalID, &reader)
    let ethnicGroup = ethnicGroup(&reader, row)
    let className = className(&reader, row, .className)
    let phone = reader.take(reader.cell(row, .phone).digits(), row, .phone, "số điện thoại")
    let status = status(&reader, row)
    let birthplace = reader.text(row, .birthplace)
    let guardian = reader.text(row, .guardian)
    let address = reader.text(row, .address)
    guard let code, let name, let born, let sex, let ethnicGroup, let className, let status else {
      return nil
    }
    return PupilRow(
      code: code,
      name: name,
      dateOfBirth: born,
      sex: sex,
      ethnicGroup: ethnicGroup,
      birthplace: birthplace,
      personalID: id,
      className: className,
      guardianName: guardian,
      phone: phone.map { number in
        // A spreadsheet drops the zero with which every number in the country begins.
        if case .number = reader.cell(row, .phone), number.count == 9 {
          "0" + number
        } else {
          number
        }
      },
      address: address,
      status: status
    )
  }

  private func pupilCode(_ reader: inout SheetReader<StudentColumn>, _ row: Int) -> String? {
    let expected = "mã học sinh gồm 10 chữ số"
    guard let code = reader.require(reader.cell(row, .code).pupilCode, row, .code, expected) else {
      return nil
    }
    guard code.utf8.count == 10, code.utf8.allSatisfy({ (48...57).contains($0) }) else {
      reader.report(row, .code, expected, .pupilCodeInvalid)
      return nil
    }
    return code
  }

  private func ethnicGroup(
    _ reader: inout SheetReader<StudentColumn>,
    _ row: Int
  ) -> EthnicGroup? {
    guard let text = reader.requiredText(row, .ethnicGroup) else { return nil }
    let code = text.count == 1 ? "0" + text : text
    // Lists add a second name in brackets: «Chăm (Chàm)».
    let parts = text.split { "()".contains($0) }.map { String($0).cleaned }
    let named = ([text] + parts).lazy.compactMap { EthnicGroup(named: $0) }.first
    if let group = named ?? EthnicGroup(code: code) { return group }
    reader.report(row, .ethnicGroup, "tên hoặc mã một dân tộc trong danh mục", .valueInvalid)
    return nil
  }

  /// Names of statuses that say enough whatever follows.
  private static let begins: Set<String> = [
    "Đang học", "Chuyển đến", "Chuyển đi", "Đã chuyển đi", "Thôi học", "Bỏ học", "Bảo lưu",
    "Ở lại lớp", "Lưu ban",
  ]

  private func status(_ reader: inout SheetReader<StudentColumn>, _ row: Int) -> StudentStatus? {
    guard let text = reader.requiredText(row, .status) else { return nil }
    if let status = StudentStatus(named: text) { return status }
    // Schools add when, where from or where to.
    let key = text.key
    let begun = StudentStatus.allCases.first { status in
      status.names.contains { Self.begins.contains($0) && key.hasPrefix($0.key) }
    }
    if let begun { return begun }
    let names = StudentStatus.allCases.map(\.name).joined(separator: ", ")
    reader.report(row, .status, "một trạng thái: \(names)", .valueInvalid)
    return nil
  }

  mutating func assignmentRow(
    _ reader: inout SheetReader<AssignmentColumn>,
    _ row: Int,
    _ firsts: inout Firsts<AssignmentColumn>
  ) -> AssignmentRow? {
    let className = className(&reader, row, .className)
    let teacher = staffCode(&reader, row, .teacher)
    let subjectName = reader.text(row, .subjectName)
    guard let typed = reader.requiredText(row, .subject)?.codeKey else { return nil }
    guard let className, let grade = classes[className.classKey]?.grade else { return nil }
    let code = SubjectCode(rawValue: typed)
    guard catalogue.subject(code, in: grade) != nil else {
      let codes = catalogue.subjects(in: grade).map(\.code.rawValue).joined(separator: ", ")
      reader.report(row, .subject, "mã môn của khối \(grade.rawValue): \(codes)", .subjectUnknown)
      return nil
    }
    let named = subjectName.flatMap { catalogue.subject(named: $0, in: grade) }
    if let named, named.code != code {
      reader.report(row, .subjectName, "tên của môn có mã \(code)", .subjectMismatch)
    }
    firsts.check("\(code) \(className.classKey)", row, .subject, &reader)
    guard let teacher else { return nil }
    return AssignmentRow(
      subject: code,
      subjectName: subjectName,
      className: className,
      teacher: teacher
    )
  }

  /// The class's own name, however it was typed.
  private func className<Column>(
    _ reader: inout SheetReader<Column>,
    _ row: Int,
    _ column: Column
  ) -> String? {
    guard let text = reader.classText(row, column) else { return nil }
    if let known = classes[text.classKey] { return known.name }
    reader.report(row, column, "tên một lớp có trong trang «Lớp»", .classUnknown)
    return nil
  }

  /// The staff's own code, however it was typed.
  private func staffCode<Column>(
    _ reader: inout SheetReader<Column>,
    _ row: Int,
    _ column: Column
  ) -> String? {
    guard let text = reader.requiredText(row, column) else { return nil }
    if let known = staffCodes[text.codeKey] { return known }
    reader.report(row, column, "mã một người có trong trang «Nhân sự»", .staffUnknown)
    return nil
  }
}

extension SheetReader {
  /// The name of a class; one such as `1/2` a spreadsheet may have taken for a day.
  fileprivate mutating func classText(_ row: Int, _ key: Key) -> String? {
    guard case .date = cell(row, key) else { return requiredText(row, key) }
    let expected = "tên lớp ở dạng chữ, ví dụ 1/2 (bảng tính đã đổi tên lớp thành ngày)"
    report(row, key, expected, .valueInvalid)
    return nil
  }

  fileprivate mutating func day(_ row: Int, _ key: Key) -> CivilDate? {
    require(cell(row, key).day, row, key, "ngày có trong lịch, dạng dd/mm/yyyy")
  }

  fileprivate mutating func sex(_ row: Int, _ key: Key) -> Sex? {
    guard let text = requiredText(row, key) else { return nil }
    if let sex = Sex(named: text) { return sex }
    report(row, key, "Nam hoặc Nữ", .valueInvalid)
    return nil
  }

  /// Reads a personal number and compares it with sex and year of birth.
  ///
  /// Births registered abroad have numbers of no province, so that the province is not compared.
  fileprivate mutating func personalID(
    _ row: Int,
    _ key: Key,
    _ born: CivilDate?,
    _ sex: Sex?
  ) -> PersonalID? {
    let expected = "số định danh cá nhân gồm 12 chữ số"
    guard let typed = take(cell(row, key).digits(12), row, key, expected) else { return nil }
    guard let id = PersonalID(typed) else {
      report(row, key, expected, .personalIDInvalid)
      return nil
    }
    guard let born, let sex else { return id }
    for mismatch in id.mismatches(dateOfBirth: born, sex: sex) {
      switch mismatch {
      case .sex:
        report(row, key, "số có chữ số thứ 4 hợp với giới tính \(sex.name)", .personalIDMismatch)
      case .yearOfBirth:
        let expected = "số có chữ số thứ 4 đến thứ 6 hợp với năm sinh \(born.year)"
        report(row, key, expected, .personalIDMismatch)
      case .province: continue
      }
    }
    return id
  }
}
