package import GRPC
package import Protobuf

extension DecodeError: RPCErrorConvertible {
  /// `INVALID_ARGUMENT REQUEST_MALFORMED`, naming the field or message.
  package var rpcError: RPCError {
    let fields = [GoogleRPC.BadRequest.FieldViolation(field: field, description: "\(self)")]
    let status = GoogleRPC.Status(
      code: Int32(RPCCode.invalidArgument.rawValue),
      message: "\(self)",
      details: [
        .init(packing: GoogleRPC.ErrorInfo(reason: "REQUEST_MALFORMED", domain: "hocba")),
        .init(
          packing: GoogleRPC.LocalizedMessage(
            locale: "vi-VN",
            message: "Yêu cầu không đọc được: \(field)."
          )
        ),
        .init(packing: GoogleRPC.BadRequest(fieldViolations: fields)),
      ]
    )
    return RPCError(.invalidArgument, "\(self)", details: status.encoded())
  }

  /// The field's own name; of a message, its full name.
  private var field: String {
    let name =
      switch self {
      case .malformed(let name), .invalidUTF8(let name), .embeddedNUL(let name),
        .duplicate(let name), .tooLarge(let name):
        name
      }
    guard let last = name.split(separator: ".").last, last.first?.isLowercase ?? false else {
      return name
    }
    return String(last)
  }
}
