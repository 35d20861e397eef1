/// The methods that a server has, found by the bytes of `:path`.
///
/// Paths of one length are compared one by one: that needs no `String` of a path, and no hash that
/// a caller might aim at.
struct Router: Sendable {
  private struct Route {
    let path: [UInt8]
    let handler: MethodHandler
  }

  /// By the length of their paths.
  private var routes: [[Route]] = []

  /// Of two handlers for one method the last counts.
  init(_ handlers: some Sequence<MethodHandler>) {
    for handler in handlers {
      let path = [UInt8](handler.method.path.utf8)
      while routes.count <= path.count { routes.append([]) }
      routes[path.count].removeAll { $0.path == path }
      routes[path.count].append(Route(path: path, handler: handler))
    }
  }

  /// The handler of a path, `nil` if there is none.
  subscript(path: [UInt8]) -> MethodHandler? {
    guard path.count < routes.count else { return nil }
    for route in routes[path.count] where route.path == path { return route.handler }
    return nil
  }
}
