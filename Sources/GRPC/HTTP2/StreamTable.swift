/// The open streams of a connection, in no order; without hashing, for a stream knows its place.
struct StreamTable {
  private(set) var values: [HTTP2Stream] = []

  var count: Int { values.count }

  var isEmpty: Bool { values.isEmpty }

  mutating func add(_ stream: HTTP2Stream) {
    stream.slot = values.count
    values.append(stream)
  }

  /// Takes out a stream that is in it; the last one takes its place.
  mutating func remove(_ stream: HTTP2Stream) {
    guard let last = values.popLast(), last !== stream else { return }
    values[stream.slot] = last
    last.slot = stream.slot
  }
}
