import CProtobufC

/// Memory for the C messages of one encoding or decoding, released as a whole.
///
/// protobuf-c allocates piece by piece and would free piece by piece; here freeing a piece does
/// nothing, so that no path through the codec, an erroneous one included, can free twice. The first
/// piece of memory is on the stack: small messages need no other.
// Safe: the pointers stay inside or go out only through unsafe API, and die with the arena, which
// is lent to the body of `with` alone.
@safe package struct Arena {
  /// What decoding one message may take, in bytes: the densest messages need about thirty times
  /// their encoding, and gRPC's limit for that is 4 MiB.
  package static let decodingLimit = 128 << 20

  /// The memory on the stack, in bytes.
  private static let firstChunk = 1_024

  @unsafe private struct State {
    var chunk: UnsafeMutableRawBufferPointer
    var used = 0
    var available: Int
    var isExhausted = false
    /// All but the first.
    var allocated: [UnsafeMutableRawBufferPointer] = unsafe []
  }

  private let state: UnsafeMutablePointer<State>

  /// Lends an arena that hands out `limit` bytes at most; nothing of it may be kept.
  package static func with<Result>(limit: Int = .max, _ body: (Arena) -> Result) -> Result {
    unsafe withUnsafeTemporaryAllocation(byteCount: firstChunk, alignment: 16) { chunk in
      var state = unsafe State(chunk: chunk, available: limit)
      let result = unsafe withUnsafeMutablePointer(to: &state) { state in
        body(unsafe Arena(state: state))
      }
      unsafe state.allocated.forEach { unsafe $0.deallocate() }
      return result
    }
  }

  /// Whether more was asked for than the limit.
  var isExhausted: Bool { unsafe state.pointee.isExhausted }

  /// The arena as protobuf-c's allocator; valid while the arena lives.
  var allocator: ProtobufCAllocator {
    unsafe ProtobufCAllocator(
      alloc: { state, size in
        guard let state = unsafe state?.assumingMemoryBound(to: State.self) else { return nil }
        return unsafe Arena(state: state).allocate(size)
      },
      free: { _, _ in },
      allocator_data: UnsafeMutableRawPointer(state)
    )
  }

  /// Returns `size` bytes, aligned for any C type and not initialized; `nil` beyond the limit.
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, unsafe size <= state.pointee.available else {
      unsafe state.pointee.isExhausted = true
      return nil
    }
    let size = (size + 15) & ~15
    unsafe state.pointee.available -= size
    let start = unsafe state.pointee.used
    if unsafe state.pointee.chunk.count - start >= size {
      unsafe state.pointee.used += size
      return unsafe state.pointee.chunk.baseAddress?.advanced(by: start)
    }
    // Chunks double up to 1 MiB, so that small messages take little and large ones few chunks.
    let next = unsafe max(size, 2048 << min(state.pointee.allocated.count, 9))
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: next, alignment: 16)
    unsafe state.pointee.allocated.append(chunk)
    unsafe state.pointee.chunk = unsafe chunk
    unsafe state.pointee.used = size
    return chunk.baseAddress
  }

  /// Returns room for `count` values of a C type; `nil` for none.
  package func array<T>(of type: T.Type = T.self, _ count: Int) -> UnsafeMutablePointer<T>? {
    guard count > 0 else { return nil }
    let start = unsafe allocate(count * MemoryLayout<T>.stride)
    return unsafe start?.bindMemory(to: type, capacity: count)
  }
}
