/// The sex (*giới tính*) of a person as the register has it.
package enum Sex: String, Sendable, Hashable, CaseIterable, VietnameseNamed {
  /// *Nam*.
  case male = "male"
  /// *Nữ*.
  case female = "female"

  /// The names on the forms.
  package var names: [String] { self == .male ? ["Nam"] : ["Nữ"] }
}

/// Where a pupil stands in the school (*trạng thái*).
package enum StudentStatus: String, Sendable, Hashable, CaseIterable, VietnameseNamed {
  /// Attends classes.
  case studying = "studying"
  /// Came from another school in this year, and attends classes.
  case transferredIn = "transferred-in"
  /// Left for another school.
  case transferredOut = "transferred-out"
  /// Left school.
  case droppedOut = "dropped-out"
  /// Interrupts school and keeps the results (*bảo lưu*).
  case reserved = "reserved"
  /// Attends the same grade once more.
  case repeating = "repeating"
  /// Has completed the school's level.
  case finished = "finished"

  /// The names on the rosters.
  package var names: [String] {
    switch self {
    case .studying: ["Đang học", "Đang theo học"]
    case .transferredIn: ["Chuyển đến"]
    case .transferredOut: ["Chuyển đi", "Chuyển trường", "Đã chuyển đi"]
    case .droppedOut: ["Thôi học", "Bỏ học", "Nghỉ học"]
    case .reserved: ["Bảo lưu"]
    case .repeating: ["Ở lại lớp", "Lưu ban", "Học lại"]
    case .finished: ["Hoàn thành", "Đã hoàn thành", "Tốt nghiệp"]
    }
  }

  /// Tells whether the pupil sits in a class: marks are due.
  package var isAttending: Bool {
    switch self {
    case .studying, .transferredIn, .repeating: true
    case .transferredOut, .droppedOut, .reserved, .finished: false
    }
  }
}

/// The post (*chức vụ*) that a member of the staff holds.
package enum StaffPosition: String, Sendable, Hashable, CaseIterable, VietnameseNamed {
  /// Heads the school.
  case principal = "principal"
  /// Stands in for the principal within a delegation.
  case deputyPrincipal = "deputy-principal"
  /// Keeps the register and the seal.
  case clerk = "clerk"
  /// Teaches.
  case teacher = "teacher"
  /// Keeps the accounts.
  case accountant = "accountant"
  /// Keeps the library.
  case librarian = "librarian"
  /// Looks after health.
  case healthWorker = "health-worker"
  /// Any other employee.
  case employee = "employee"

  /// The names on the rosters.
  package var names: [String] {
    switch self {
    case .principal: ["Hiệu trưởng"]
    case .deputyPrincipal: ["Phó hiệu trưởng", "Hiệu phó"]
    case .clerk: ["Văn thư"]
    case .teacher: ["Giáo viên"]
    case .accountant: ["Kế toán"]
    case .librarian: ["Thư viện", "Nhân viên thư viện"]
    case .healthWorker: ["Y tế", "Nhân viên y tế"]
    case .employee: ["Nhân viên"]
    }
  }
}
