import Dispatch
import Foundation

/// SIGTERM and SIGINT, which ask a server to end, and from here on no longer end the process.
package struct EndSignal {
  private let signals: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  /// Takes the signals over.
  package init() {
    let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.signals = signals
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }

  /// Suspends until one of them has come.
  package func wait() async {
    for await _ in signals { break }
    for source in sources { source.cancel() }
  }
}
