import GRPC
import ServiceKit

/// Everything that records refuses, and how each refusal looks to a caller.
enum RecordsError: Refusal {
  case importHeaderMissing
  case markInvalid(String)
  case gradeNotRolledOut(grade: Int, schoolYear: String)

  var problem: Problem {
    switch self {
    case .importHeaderMissing:
      Problem(
        .invalidArgument,
        "IMPORT_HEADER_MISSING",
        vi: "Thông điệp đầu tiên phải là phần mô tả tệp (header), và chỉ thông điệp đầu tiên.",
        violations: [
          FieldViolation("header", "phải là thông điệp đầu tiên, và chỉ thông điệp đầu tiên")
        ]
      )
    case .markInvalid(let expected):
      Problem(
        .invalidArgument,
        "MARK_INVALID",
        vi: "Điểm không hợp lệ: \(expected)",
        violations: [FieldViolation("mark", expected)]
      )
    case .gradeNotRolledOut(let grade, let schoolYear):
      Problem(
        .failedPrecondition,
        "GRADE_NOT_ROLLED_OUT",
        vi: "Khối \(grade) năm học \(schoolYear) chưa thuộc lộ trình học bạ điện tử.",
        metadata: ["grade": "\(grade)", "schoolYear": schoolYear]
      )
    }
  }
}
