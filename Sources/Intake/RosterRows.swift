import Roster
import Workbook

extension RosterReader {
  mutating func staffRow(
    _ reader: inout SheetReader<StaffColumn>,
    _ row: Int,
    _ firsts: inout Firsts<StaffColumn>
  ) -> StaffRow? {
    let code = reader.requiredText(row, .code)
    firsts.check(code?.lowercased(), row, .code, &reader)
    if let code { staffCodes[code.lowercased()] = code }
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
    // Offices that a teacher holds besides teaching.
    let key = text.key
    let teaching = ["giaovien", "totruong", "tophochuienmon", "topho", "tongphutrach"]
    if teaching.contains(where: { key.hasPrefix($0) }) { return .teacher }
    if key.hasPrefix("nhanvien") || key == "baove" { return .employee }
    let names = StaffPosition.allCases.map(\.name).joined(separator: ", ")
    reader.report(row, .position, "một chức vụ: \(names)", .valueInvalid)
    return nil
  }

  mutating func classRow(
    _ reader: inout SheetReader<ClassColumn>,
    _ row: Int,
    _ firsts: inout Firsts<ClassColumn>
  ) -> ClassRow? {
    let name = reader.requiredText(row, .name)
    firsts.check(name?.classKey, row, .name, &reader)
    let grade = grade(&reader, row)
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
    let first = self.year ?? year
    self.year = first
    if year != first {
      reader.report(row, .year, "năm học \(first) như các lớp khác", .yearMismatch)
    }
    return year
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
    guard let code = reader.require(reader.cell(row, .code).digits(), row, .code, expected) else {
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
    if let group = EthnicGroup(named: text) ?? EthnicGroup(code: code) { return group }
    reader.report(row, .ethnicGroup, "tên hoặc mã một dân tộc trong danh mục", .valueInvalid)
    return nil
  }

  private func status(_ reader: inout SheetReader<StudentColumn>, _ row: Int) -> StudentStatus? {
    guard let text = reader.requiredText(row, .status) else { return nil }
    if let status = StudentStatus(named: text) { return status }
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
    guard let typed = reader.requiredText(row, .subject)?.lowercased() else { return nil }
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
    guard let text = reader.requiredText(row, column) else { return nil }
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
    if let known = staffCodes[text.lowercased()] { return known }
    reader.report(row, column, "mã một người có trong trang «Nhân sự»", .staffUnknown)
    return nil
  }
}

extension SheetReader {
  fileprivate mutating func day(_ row: Int, _ key: Key) -> CivilDate? {
    require(cell(row, key).day, row, key, "ngày dạng dd/mm/yyyy")
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
