import CProtobufC

/// Memory for the C messages of one encoding or decoding, released as a whole.
///
/// protobuf-c allocates piece by piece and would free piece by piece; here freeing a piece does
/// nothing, so that no path through the codec, an erroneous one included, can free twice.
// Safe: the pointers stay inside or go out only through unsafe API, and die with the arena.
@safe package final class Arena {
  /// What decoding one message may take, in bytes: the densest messages need about thirty times
  /// their encoding, and gRPC's limit for that is 4 MiB.
  package static let decodingLimit = 128 << 20

  private var chunks: [UnsafeMutableRawBufferPointer] = unsafe []
  private var used = 0
  private var available: Int
  private(set) var isExhausted = false

  /// Creates an arena that hands out `limit` bytes at most.
  package init(limit: Int = .max) {
    available = limit
  }

  deinit {
    unsafe chunks.forEach { unsafe $0.deallocate() }
  }

  /// The arena as protobuf-c's allocator; valid while the arena lives.
  var allocator: ProtobufCAllocator {
    unsafe ProtobufCAllocator(
      alloc: { arena, size in
        guard let arena = unsafe arena else { return nil }
        return unsafe Unmanaged<Arena>.fromOpaque(arena).takeUnretainedValue().allocate(size)
      },
      free: { _, _ in },
      allocator_data: Unmanaged.passUnretained(self).toOpaque()
    )
  }

  /// Returns `size` bytes, aligned for any C type and not initialized; `nil` beyond the limit.
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= available else {
      isExhausted = true
      return nil
    }
    let size = (size + 15) & ~15
    available -= size
    if let chunk = unsafe chunks.last, chunk.count - used >= size {
      let start = used
      used += size
      return unsafe chunk.baseAddress?.advanced(by: start)
    }
    // Chunks double up to 1 MiB, so that small messages take little and large ones few chunks.
    let next = unsafe max(size, 2048 << min(chunks.count, 9))
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: next, alignment: 16)
    unsafe chunks.append(chunk)
    used = size
    return chunk.baseAddress
  }

  /// Returns room for `count` values of a C type; `nil` for none.
  package func array<T>(of type: T.Type = T.self, _ count: Int) -> UnsafeMutablePointer<T>? {
    guard count > 0 else { return nil }
    let start = unsafe allocate(count * MemoryLayout<T>.stride)
    return unsafe start?.bindMemory(to: type, capacity: count)
  }
}
