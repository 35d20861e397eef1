import NIOCore

/// Messages in the order in which they came.
///
/// The first is kept without an array: most calls never have a second.
struct MessageQueue {
  private(set) var first: WireMessage?
  private var rest: CircularBuffer<WireMessage>?

  var isEmpty: Bool { first == nil }

  var count: Int { first == nil ? 0 : 1 + (rest?.count ?? 0) }

  mutating func append(_ message: WireMessage) {
    if first == nil {
      first = message
    } else {
      rest = rest ?? CircularBuffer()
      rest?.append(message)
    }
  }

  mutating func popFirst() -> WireMessage? {
    let message = first.take()
    if rest != nil { first = rest?.popFirst() }
    return message
  }

  mutating func removeAll() {
    self = MessageQueue()
  }
}
