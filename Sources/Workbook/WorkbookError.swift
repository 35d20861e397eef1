/// Why a file cannot be read as a workbook.
package struct WorkbookError: Error, Sendable, Equatable {
  /// The stable code of a refusal.
  package enum Reason: String, Sendable, CaseIterable {
    /// No bytes at all.
    case empty = "WORKBOOK_EMPTY"
    /// Some other kind of file.
    case notWorkbook = "WORKBOOK_NOT_XLSX"
    /// The binary format of Excel before 2007.
    case legacyFormat = "WORKBOOK_LEGACY_XLS"
    /// Locked with a password.
    case encrypted = "WORKBOOK_ENCRYPTED"
    /// Cut short, changed, or not what the format allows.
    case damaged = "WORKBOOK_DAMAGED"
    /// Beyond ``WorkbookLimits``.
    case tooLarge = "WORKBOOK_TOO_LARGE"
    /// A document type or an entity, which no spreadsheet program writes.
    case forbiddenXML = "WORKBOOK_FORBIDDEN_XML"
  }

  /// The kind of refusal.
  package var reason: Reason
  /// The part of the file that is at fault, such as `xl/workbook.xml`; empty: the file itself.
  package var part: String

  /// Describes a refusal.
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
