/// What a client's interceptors know of a call, and may change, before it is made.
package struct ClientContext: Sendable {
  /// The method that is called.
  package let method: MethodDescriptor

  /// What the call is made with.
  package var options: CallOptions

  /// A call that has not been made.
  package init(method: MethodDescriptor, options: CallOptions) {
    self.method = method
    self.options = options
  }
}
