package import GRPC
package import Protobuf

extension DecodeError: RPCErrorConvertible {
  /// `INVALID_ARGUMENT`, naming the field or message.
  package var rpcError: RPCError { RPCError(.invalidArgument, "\(self)") }
}
