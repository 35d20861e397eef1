import API
package import GRPC
import Protobuf

/// What a refused call was told.
package struct Refused: Sendable, Equatable {
  package let code: RPCCode
  /// For programs; empty if there is none.
  package let reason: String
  package let metadata: [String: String]
  /// Fields that are named as wrong.
  package let fields: [String]
  /// In Vietnamese; empty if there is none.
  package let message: String
  /// Seconds after which to try again.
  package let retryAfter: Int64?

  package init(_ error: RPCError) {
    let details = (try? GoogleRPC.Status(decoding: error.details))?.details ?? []
    func first<M: ProtobufMessage>(_: M.Type) -> M? {
      details.lazy.compactMap { (try? $0.unpacked(as: M.self)) ?? nil }.first
    }
    let info = first(GoogleRPC.ErrorInfo.self)
    code = error.code
    reason = info?.reason ?? ""
    metadata = info?.metadata ?? [:]
    fields = first(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field) ?? []
    message = first(GoogleRPC.LocalizedMessage.self)?.message ?? ""
    retryAfter = first(GoogleRPC.RetryInfo.self)?.retryDelay?.seconds
  }
}

/// What a call was refused with; `nil` if it succeeded.
package func refusal<T>(_ body: () async throws -> T) async throws -> Refused? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return Refused(error)
  }
}

/// The reason that an error carries for programs; `nil` if there is no error.
package func reason(_ body: () async throws -> Void) async -> String? {
  do {
    guard let refused = try await refusal(body) else { return nil }
    return refused.reason.isEmpty ? "\(refused.code)" : refused.reason
  } catch {
    return "\(error)"
  }
}
