import GRPC
import ServiceKit

/// Everything that signing refuses, and how each refusal looks to a caller.
enum SigningError: Refusal {
  case documentIncomplete(source: String, openItems: [String])
  case signatureOutOfOrder(source: String, expected: String)
  case documentIssued(source: String)
  case certificateNotUsable(reasons: [String])
  case signatureInvalid(intent: String)
  case intentNotFound(intent: String)
  case intentExpired(source: String)
  case documentChanged(source: String)
  case fileEmpty

  var problem: Problem {
    switch self {
    case .documentIncomplete(let source, let openItems):
      Problem(
        .failedPrecondition,
        "DOCUMENT_INCOMPLETE",
        vi: "Chưa đủ điều kiện để kí: " + openItems.prefix(5).joined(separator: "; "),
        metadata: ["source": source]
      )
    case .signatureOutOfOrder(let source, let expected):
      Problem(
        .failedPrecondition,
        "SIGNATURE_OUT_OF_ORDER",
        vi: "Chưa đến lượt kí này; chữ kí tiếp theo là: \(expected).",
        metadata: ["source": source, "expected": expected]
      )
    case .documentIssued(let source):
      Problem(
        .failedPrecondition,
        "DOCUMENT_ISSUED",
        vi: "Văn bản đã đủ chữ kí.",
        metadata: ["source": source]
      )
    case .certificateNotUsable(let reasons):
      Problem(
        .failedPrecondition,
        "CERTIFICATE_NOT_USABLE",
        vi: "Chứng thư số không dùng để kí được.",
        metadata: ["reasons": reasons.joined(separator: " ")]
      )
    case .signatureInvalid(let intent):
      Problem(
        .invalidArgument,
        "SIGNATURE_INVALID",
        vi: "Chữ kí không khớp với nội dung đã chuẩn bị hoặc với chứng thư số.",
        metadata: ["intent": intent],
        violations: [FieldViolation("signatures.value", "không khớp")]
      )
    case .intentNotFound(let intent):
      Problem(
        .notFound,
        "INTENT_NOT_FOUND",
        vi: "Không có yêu cầu kí này của người đang gọi.",
        metadata: ["intent": intent]
      )
    case .intentExpired(let source):
      Problem(
        .failedPrecondition,
        "INTENT_EXPIRED",
        vi: "Yêu cầu kí đã hết hạn, xin chuẩn bị lại.",
        metadata: ["source": source]
      )
    case .documentChanged(let source):
      Problem(
        .failedPrecondition,
        "DOCUMENT_CHANGED",
        vi: "Văn bản đã thay đổi từ khi chuẩn bị, xin chuẩn bị lại.",
        metadata: ["source": source]
      )
    case .fileEmpty:
      Problem(
        .invalidArgument,
        "FILE_EMPTY",
        vi: "Tệp rỗng.",
        violations: [FieldViolation("content", "không được rỗng")]
      )
    }
  }
}
