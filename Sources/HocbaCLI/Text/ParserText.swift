/// What ArgumentParser says of itself, in Vietnamese; it knows English only.
enum ParserText {
  /// Help or an error of ArgumentParser with its own words in the language of this process.
  static func localized(_ text: String, in language: Language = .current) -> String {
    guard language == .vietnamese else { return text }
    return phrases.reduce(text) { $0.replacing($1.english, with: $1.vietnamese) }
  }

  private static let phrases: [(english: String, vietnamese: String)] = [
    ("OVERVIEW: ", ""), ("USAGE: ", "CÁCH DÙNG: "), ("\nARGUMENTS:\n", "\nTHAM SỐ:\n"),
    ("\nOPTIONS:\n", "\nTUỲ CHỌN:\n"), ("\nSUBCOMMANDS:\n", "\nCÁC LỆNH:\n"),
    ("Show help information.", "In phần giải thích này."),
    (" (values: ", " (giá trị: "), (" (default: ", " (mặc định: "), ("  See '", "  Xem '"),
    ("' for detailed help.", "'."), ("' for more information.", "'."),
    ("Error: ", "Lỗi: "), ("\nHelp:  ", "\nGiải thích:  "), ("\nUsage: ", "\nCách dùng: "),
    ("Missing expected argument ", "còn thiếu "), ("Unexpected argument ", "không hiểu "),
    (" unexpected arguments: ", " chỗ không hiểu: "), ("Unknown option ", "không có tuỳ chọn "),
    ("Missing value for ", "còn thiếu giá trị của "), ("The value '", "giá trị '"),
    ("' is invalid for '", "' không dùng được cho '"),
    ("Please provide one of ", "Hãy chọn một trong các giá trị "), ("' or '", "' hoặc '"),
    (" Did you mean ", " Có phải ý là "),
  ]
}
