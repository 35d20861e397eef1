import CLibpq

extension Connection {
  /// Queues Bind and Execute of a statement, with Parse in front when it has no name.
  /// - Returns: whether libpq took it
  func send(_ statement: SQL, preparedAs name: String?) -> Bool {
    let parameters = statement.parameters
    // All values in one buffer, each with a NUL behind it, since libpq takes text as C strings.
    var buffer: [UInt8] = []
    var starts: [Int?] = []
    var lengths: [Int32] = []
    var formats: [Int32] = []
    starts.reserveCapacity(parameters.count)
    for parameter in parameters {
      let start = buffer.count
      switch parameter {
      case .null:
        starts.append(nil)
        formats.append(0)
      case .text(let text):
        buffer.append(contentsOf: text.utf8)
        starts.append(start)
        formats.append(0)
      case .binary(let bytes):
        buffer.append(contentsOf: bytes)
        starts.append(start)
        formats.append(1)
      }
      // `validate` keeps the sum far below Int32.max.
      lengths.append(Int32(buffer.count - start))
      buffer.append(0)
    }
    let status = unsafe buffer.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values = unsafe starts.map { start in
        unsafe start.flatMap { start in unsafe base.map { unsafe $0 + start } }
      }
      let count = Int32(parameters.count)
      guard let name else {
        return unsafe PQsendQueryParams(
          handle,
          statement.text,
          count,
          nil,
          values,
          lengths,
          formats,
          0
        )
      }
      return unsafe PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
    }
    return status == 1
  }
}

/// Arrays of C strings for the length of a call.
enum CStrings {
  /// Calls `body` with a NULL-terminated array of these strings.
  static func with<R>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R?
  ) -> R? {
    var buffer: [CChar] = []
    var starts: [Int] = []
    for string in strings {
      starts.append(buffer.count)
      buffer.append(contentsOf: string.utf8CString)
    }
    return unsafe buffer.withUnsafeBufferPointer { bytes in
      let pointers = unsafe starts.map { start in
        unsafe bytes.baseAddress.map { unsafe $0 + start }
      }
      return unsafe (pointers + [nil]).withUnsafeBufferPointer { pointers in
        unsafe pointers.baseAddress.flatMap { unsafe body($0) }
      }
    }
  }
}
