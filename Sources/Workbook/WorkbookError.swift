/// Why a file cannot be read as a workbook.
package struct WorkbookError: Error, Sendable, Equatable {
  /// The stable code of a refusal.
  package enum Reason: String, Sendable, CaseIterable {
    case empty = "WORKBOOK_EMPTY"
    case notWorkbook = "WORKBOOK_NOT_XLSX"
    case legacyFormat = "WORKBOOK_LEGACY_XLS"
    case encrypted = "WORKBOOK_ENCRYPTED"
    case damaged = "WORKBOOK_DAMAGED"
    case tooLarge = "WORKBOOK_TOO_LARGE"
    case forbiddenXML = "WORKBOOK_FORBIDDEN_XML"
  }

  package var reason: Reason
  /// The part of the file that is at fault, such as `xl/workbook.xml`; empty: the file itself.
  package var part: String

  package init(_ reason: Reason, part: String = "") {
    self.reason = reason
    self.part = part
  }

  /// What to tell the person who sent the file, in Vietnamese.
  package var message: String {
    let text =
      switch reason {
      case .empty: "Tệp trống."
      case .notWorkbook: "Tệp không phải là bảng tính Excel (.xlsx)."
      case .legacyFormat:
        "Tệp có định dạng Excel cũ (.xls); hãy mở bằng Excel và lưu lại dạng .xlsx."
      case .encrypted: "Tệp được đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại."
      case .damaged: "Tệp bị hỏng hoặc không đầy đủ; hãy mở bằng Excel và lưu lại."
      case .tooLarge: "Tệp quá lớn so với một bảng tính của trường."
      case .forbiddenXML: "Tệp chứa khai báo DTD hoặc thực thể XML, không được chấp nhận."
      }
    return part.isEmpty ? text : "\(text) (\(part))"
  }
}
