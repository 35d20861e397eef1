import Synchronization

/// A value that changes, and that tasks follow.
final class Watched<Value: Sendable>: Sendable {
  private struct State {
    var value: Value
    var isFinished = false
    var watchers: [Int: AsyncStream<Value>.Continuation] = [:]
    var lastWatcher = 0
  }

  private let state: Mutex<State>

  init(_ value: Value) {
    state = Mutex(State(value: value))
  }

  var value: Value { state.withLock { $0.value } }

  /// Changes the value; after `finish` nothing changes it.
  func update(_ change: (inout Value) -> Void) {
    state.withLock { state in
      guard !state.isFinished else { return }
      change(&state.value)
      for watcher in state.watchers.values { watcher.yield(state.value) }
    }
  }

  /// The value stays as it is; whoever follows it comes to the end.
  func finish() {
    let watchers = state.withLock { state in
      state.isFinished = true
      return state.watchers.values
    }
    // Each takes itself off the list.
    for watcher in watchers { watcher.finish() }
  }

  /// The value now and after each change; changes that come faster than they are taken are left
  /// out, never the last.
  func values() -> AsyncStream<Value> {
    let (values, watcher) = AsyncStream.makeStream(
      of: Value.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    let number = state.withLock { state in
      watcher.yield(state.value)
      if state.isFinished { watcher.finish() }
      state.lastWatcher += 1
      if !state.isFinished { state.watchers[state.lastWatcher] = watcher }
      return state.lastWatcher
    }
    watcher.onTermination = { [weak self] _ in
      self?.state.withLock { state in _ = state.watchers.removeValue(forKey: number) }
    }
    return values
  }
}
