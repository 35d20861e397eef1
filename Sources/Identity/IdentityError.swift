import GRPC
import ServiceKit

/// Everything that identity refuses, and how each refusal looks to a caller.
enum IdentityError: Refusal {
  case organizationCodeTaken(code: String)
  case loginTaken(login: String)
  case passwordTooWeak
  case roleEnded
  case credentialsInvalid
  case tooManyAttempts(retryAfter: Duration)
  case certificateInvalid
  case proofInvalid
  case certificateNotTrusted(reasons: [String])
  case certificateHolderMismatch
  case certificateTaken

  var problem: Problem {
    switch self {
    case .organizationCodeTaken(let code):
      Problem(
        .alreadyExists,
        "ORGANIZATION_CODE_TAKEN",
        vi: "Mã đơn vị \(code) đã có.",
        metadata: ["code": code],
        violations: [FieldViolation("organization.code", "đã có")]
      )
    case .loginTaken(let login):
      Problem(
        .alreadyExists,
        "LOGIN_TAKEN",
        vi: "Tên đăng nhập \(login) đã có.",
        metadata: ["login": login],
        violations: [FieldViolation("person.login", "đã có")]
      )
    case .passwordTooWeak:
      Problem(
        .invalidArgument,
        "PASSWORD_TOO_WEAK",
        vi: "Mật khẩu phải có từ 12 đến 128 kí tự và không chứa tên đăng nhập.",
        violations: [FieldViolation("password", "từ 12 đến 128 kí tự")]
      )
    case .roleEnded:
      Problem(.failedPrecondition, "ROLE_ENDED", vi: "Nhiệm vụ này đã kết thúc.")
    case .credentialsInvalid:
      Problem(
        .unauthenticated,
        "CREDENTIALS_INVALID",
        vi: "Tên đăng nhập hoặc mật khẩu không đúng."
      )
    case .tooManyAttempts(let retryAfter):
      Problem(
        .resourceExhausted,
        "TOO_MANY_ATTEMPTS",
        vi: "Đăng nhập sai quá nhiều lần, xin thử lại sau.",
        retryAfter: retryAfter
      )
    case .certificateInvalid:
      Problem(
        .invalidArgument,
        "CERTIFICATE_INVALID",
        vi: "Chứng thư số không đọc được hoặc khoá quá yếu.",
        violations: [FieldViolation("certificate", "không đọc được hoặc khoá quá yếu")]
      )
    case .proofInvalid:
      Problem(
        .invalidArgument,
        "PROOF_INVALID",
        vi: "Chữ kí chứng minh giữ khoá không đúng.",
        violations: [FieldViolation("proof", "không đúng")]
      )
    case .certificateNotTrusted(let reasons):
      Problem(
        .failedPrecondition,
        "CERTIFICATE_NOT_TRUSTED",
        vi: "Chứng thư số không do tổ chức được tin cậy cấp, hoặc không còn hiệu lực.",
        metadata: ["reasons": reasons.joined(separator: " ")]
      )
    case .certificateHolderMismatch:
      Problem(
        .failedPrecondition,
        "CERTIFICATE_HOLDER_MISMATCH",
        vi: "Tên hoặc số định danh trong chứng thư số không phải của người đăng kí."
      )
    case .certificateTaken:
      Problem(.alreadyExists, "CERTIFICATE_TAKEN", vi: "Chứng thư số này đã được đăng kí.")
    }
  }
}
