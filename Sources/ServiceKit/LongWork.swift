/// Work that takes long without waiting for anything, such as reading a workbook.
package enum LongWork {
  /// Runs `body` on the threads that are for it, and not on the event loop of the call, where it
  /// would keep every caller on that loop waiting.
  ///
  /// `@concurrent` would not do: a task that prefers an executor, as a call does its event loop,
  /// runs such functions there too (SE-0417).
  package static func run<T: Sendable, Failure: Error>(
    _ body: @Sendable () throws(Failure) -> T
  ) async throws(Failure) -> T {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { () throws(Failure) in
      try body()
    }
  }
}
