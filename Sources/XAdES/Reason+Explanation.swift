package import Crypto

extension Reason {
  /// What the code means, in Vietnamese; the code itself where nobody has put it into words.
  package var explanation: String { Self.explanations[code] ?? code }

  private static let explanations = [
    "FORMAT_FAILURE": "không đúng dạng văn bản của hệ thống",
    "HASH_FAILURE": "nội dung đã bị thay đổi sau khi kí",
    "SIG_CRYPTO_FAILURE": "chữ kí không khớp với chứng thư số",
    "SIG_CONSTRAINTS_FAILURE": "chữ kí không theo đúng quy trình",
    "SIGNATURE_POLICY_NOT_AVAILABLE": "không rõ quy trình kí",
    "SIGNATURES_MISSING": "còn thiếu chữ kí",
    "NO_CERTIFICATE_CHAIN_FOUND": "chứng thư số không do tổ chức tin cậy cấp",
    "CHAIN_CONSTRAINTS_FAILURE": "chứng thư số không dùng để kí được",
    "CRYPTO_CONSTRAINTS_FAILURE": "thuật toán hoặc khoá không được chấp nhận",
    "OUT_OF_BOUNDS_NO_POE": "chứng thư số không có hiệu lực vào lúc kí",
    "REVOKED": "chứng thư số đã bị thu hồi trước khi kí",
    "REVOKED_NO_POE": "chứng thư số đã bị thu hồi",
    "REVOCATION_NOT_CHECKED": "không có danh sách thu hồi để kiểm tra",
    "TRY_LATER": "danh sách thu hồi đã cũ",
    "GENERIC": "không kiểm tra được chứng thư số",
  ]
}
