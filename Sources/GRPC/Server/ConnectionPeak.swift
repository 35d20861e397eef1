import CMalloc
import NIOPosix

/// Gives memory back to the system when most of many connections have gone.
///
/// What they held is free then, but lies between what is in use, and glibc keeps it for ever.
struct ConnectionPeak {
  /// Fewer hold too little to be worth the walk through the heap, some 20 MB.
  private static let least = 1_000

  private var most = 0

  /// - Parameter count: The connections that there are now.
  mutating func changed(to count: Int) {
    most = max(most, count)
    guard most >= ConnectionPeak.least, count <= most / 4 else { return }
    most = count
    // Takes milliseconds, which no event loop has.
    NIOThreadPool.singleton.submit { _ in _ = malloc_trim(0) }
  }
}
