package import Roster

/// A quality (*phẩm chất*) or competency (*năng lực*) that primary school assesses.
package enum Trait: String, Sendable, Hashable, CaseIterable, VietnameseNamed {
  /// *Yêu nước*.
  case patriotism = "yeu-nuoc"
  /// *Nhân ái*.
  case kindness = "nhan-ai"
  /// *Chăm chỉ*.
  case diligence = "cham-chi"
  /// *Trung thực*.
  case honesty = "trung-thuc"
  /// *Trách nhiệm*.
  case responsibility = "trach-nhiem"
  /// *Tự chủ và tự học*.
  case autonomy = "tu-chu-tu-hoc"
  /// *Giao tiếp và hợp tác*.
  case communication = "giao-tiep-hop-tac"
  /// *Giải quyết vấn đề và sáng tạo*.
  case problemSolving = "giai-quyet-van-de-sang-tao"
  /// *Ngôn ngữ*.
  case language = "ngon-ngu"
  /// *Tính toán*.
  case numeracy = "tinh-toan"
  /// *Khoa học*.
  case science = "khoa-hoc"
  /// *Công nghệ*, from grade 3.
  case technology = "cong-nghe"
  /// *Tin học*, from grade 3.
  case informatics = "tin-hoc"
  /// *Thẩm mĩ*.
  case aesthetics = "tham-mi"
  /// *Thể chất*.
  case physical = "the-chat"

  /// The groups in which the transcript lists the traits.
  package enum Group: String, Sendable, Hashable, CaseIterable {
    /// *Phẩm chất chủ yếu*, five.
    case quality = "pham-chat"
    /// *Năng lực chung*, three.
    case generalCompetency = "nang-luc-chung"
    /// *Năng lực đặc thù*, seven.
    case specificCompetency = "nang-luc-dac-thu"

    /// The heading that is printed.
    package var name: String {
      switch self {
      case .quality: "Phẩm chất chủ yếu"
      case .generalCompetency: "Năng lực chung"
      case .specificCompetency: "Năng lực đặc thù"
      }
    }
  }

  /// The group to which the trait belongs.
  package var group: Group {
    switch self {
    case .patriotism, .kindness, .diligence, .honesty, .responsibility: .quality
    case .autonomy, .communication, .problemSolving: .generalCompetency
    case .language, .numeracy, .science, .technology, .informatics, .aesthetics, .physical:
      .specificCompetency
    }
  }

  /// The name on the forms, then other spellings.
  package var names: [String] {
    switch self {
    case .patriotism: ["Yêu nước"]
    case .kindness: ["Nhân ái"]
    case .diligence: ["Chăm chỉ"]
    case .honesty: ["Trung thực"]
    case .responsibility: ["Trách nhiệm"]
    case .autonomy: ["Tự chủ và tự học"]
    case .communication: ["Giao tiếp và hợp tác"]
    case .problemSolving: ["Giải quyết vấn đề và sáng tạo"]
    case .language: ["Ngôn ngữ"]
    case .numeracy: ["Tính toán"]
    case .science: ["Khoa học"]
    case .technology: ["Công nghệ"]
    case .informatics: ["Tin học"]
    case .aesthetics: ["Thẩm mĩ", "Thẩm mỹ"]
    case .physical: ["Thể chất"]
    }
  }

  /// The traits that a primary grade assesses: 13 in grades 1 and 2, which have neither technology
  /// nor informatics, and 15 from grade 3; none in lower secondary school.
  package static func assessed(in grade: Grade) -> [Trait] {
    guard grade.level == .primary else { return [] }
    return allCases.filter {
      grade.rawValue >= 3 || ($0 != .technology && $0 != .informatics)
    }
  }
}
