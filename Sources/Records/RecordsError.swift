import GRPC
import ServiceKit

/// Everything that records refuses, and how each refusal looks to a caller.
enum RecordsError: Refusal {
  case importHeaderMissing
  case fileTooLarge(limit: Int)
  case markInvalid(String)
  case etagMismatch
  case gradeNotRolledOut(grade: Int, schoolYear: String)
  case batchSize(limit: Int)

  var problem: Problem {
    switch self {
    case .importHeaderMissing:
      Problem(
        .invalidArgument,
        "IMPORT_HEADER_MISSING",
        vi: "Thông điệp đầu tiên phải là phần mô tả tệp (header), và chỉ thông điệp đầu tiên."
      )
    case .fileTooLarge(let limit):
      Problem(
        .resourceExhausted,
        "FILE_TOO_LARGE",
        vi: "Tệp lớn hơn \(limit) byte.",
        metadata: ["limit": "\(limit)"]
      )
    case .markInvalid(let expected):
      Problem(
        .invalidArgument,
        "MARK_INVALID",
        vi: "Điểm không hợp lệ: \(expected)",
        violations: [FieldViolation("mark", expected)]
      )
    case .etagMismatch:
      Problem(
        .aborted,
        "ETAG_MISMATCH",
        vi: "Dữ liệu đã được người khác thay đổi, xin đọc lại rồi sửa.",
        violations: [FieldViolation("etag", "không còn đúng")]
      )
    case .gradeNotRolledOut(let grade, let schoolYear):
      Problem(
        .failedPrecondition,
        "GRADE_NOT_ROLLED_OUT",
        vi: "Khối \(grade) năm học \(schoolYear) chưa thuộc lộ trình học bạ điện tử.",
        metadata: ["grade": "\(grade)", "schoolYear": schoolYear]
      )
    case .batchSize(let limit):
      Problem(
        .invalidArgument,
        "BATCH_SIZE",
        vi: "Mỗi lần từ 1 đến \(limit) mục.",
        metadata: ["limit": "\(limit)"],
        violations: [FieldViolation("names", "từ 1 đến \(limit) mục")]
      )
    }
  }
}
