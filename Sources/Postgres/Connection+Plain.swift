import CLibpq

/// Scripts and COPY, which libpq does not allow in pipeline mode.
extension Connection {
  func startPlain(_ job: Job) {
    let text: String
    switch job.payload {
    case .statements: return
    case .script(let script):
      text = script
      plain = .awaitingResults
    case .copy(let statement, let bytes):
      text = statement
      plain = .copying(bytes, offset: nil)
    }
    guard unsafe PQexitPipelineMode(handle) == 1 && PQsendQuery(handle, text) == 1 else {
      return lose()
    }
    flush()
  }

  /// Takes the next step of a script or COPY.
  /// - Returns: whether there may be more to do before the socket is polled again
  func stepPlain(_ job: Job, _ finished: inout [Job]) -> Bool {
    if case .copying(let bytes, let offset?) = plain, !copy(bytes, from: offset) { return false }
    guard unsafe PQisBusy(handle) == 0 else { return false }
    guard let pointer = unsafe PQgetResult(handle) else {
      plain = nil
      guard unsafe PQenterPipelineMode(handle) == 1 else {
        lose()
        return false
      }
      finished.append(inFlight.removeFirst())
      pump()
      return true
    }
    let answer = unsafe ResultSet(owning: pointer)
    switch (answer.status, plain) {
    case (PGRES_COPY_IN, .copying(let bytes, _)):
      plain = .copying(bytes, offset: 0)
    case (PGRES_COPY_IN, _), (PGRES_COPY_OUT, _), (PGRES_COPY_BOTH, _):
      lose("COPY does not work in a script")
      return false
    default:
      job.receive(answer)
    }
    return true
  }

  /// Sends until the socket is full.
  /// - Returns: whether all has been sent
  private func copy(_ bytes: [UInt8], from start: Int) -> Bool {
    var offset = start
    defer { if case .copying = plain { plain = .copying(bytes, offset: offset) } }
    while offset < bytes.count {
      flush()
      // Only a chunk at a time: libpq would buffer everything.
      if hasUnsent { return false }
      if case .lost = state { return false }
      let count = min(Self.chunk, bytes.count - offset)
      let status = unsafe bytes.withUnsafeBytes { bytes in
        unsafe bytes[offset..<offset + count].withMemoryRebound(to: CChar.self) { chunk in
          unsafe PQputCopyData(handle, chunk.baseAddress, Int32(count))
        }
      }
      switch status {
      case 1: offset += count
      case 0: continue
      default:
        lose()
        return false
      }
    }
    flush()
    if hasUnsent { return false }
    // With nothing left to send, libpq has room for the end.
    guard unsafe PQputCopyEnd(handle, nil) == 1 else {
      lose()
      return false
    }
    plain = .awaitingResults
    flush()
    return true
  }

  private static var chunk: Int { 64 << 10 }
}
