import CNghttp2
import NIOCore

/// The two ends of an HTTP/2 connection.
enum HTTP2Role: Sendable {
  case client
  case server
}

/// What a session allows its peer.
struct HTTP2Limits: Sendable {
  let maxConcurrentStreams: Int
  let maxHeaderListBytes: Int
  let streamWindowBytes: Int
}

/// nghttp2 gave up: the connection cannot go on.
struct HTTP2Failure: Error, Equatable {
  let code: Int
}

/// The owner of one `nghttp2_session`.
///
/// `@safe`: the pointer is made in `init`, freed in `deinit` and never leaves; the type cannot be
/// copied, so that nothing holds it longer. All calls are made on the connection's event loop, and
/// each C function called here accepts any stream number, also of a stream that is gone.
@safe struct HTTP2Session: ~Copyable {
  private let session: OpaquePointer

  init(_ role: HTTP2Role, limits: HTTP2Limits) throws(HTTP2Failure) {
    var callbacks: OpaquePointer?
    var option: OpaquePointer?
    unsafe nghttp2_session_callbacks_new(&callbacks)
    unsafe nghttp2_option_new(&option)
    // Both functions fail only for lack of memory.
    guard let callbacks = unsafe callbacks, let option = unsafe option else {
      throw HTTP2Failure(code: Int(NGHTTP2_ERR_NOMEM.rawValue))
    }
    defer {
      unsafe nghttp2_session_callbacks_del(callbacks)
      unsafe nghttp2_option_del(option)
    }
    unsafe setHTTP2Callbacks(callbacks)
    // Windows open as the handlers read, not as bytes come.
    unsafe nghttp2_option_set_no_auto_window_update(option, 1)
    unsafe nghttp2_option_set_no_closed_streams(option, 1)
    // The library's own limits stand: 1000 acknowledgements that wait to be sent, 32 settings a
    // frame, 8 CONTINUATION frames a block. Its limit of resets, after 1000 of them 33 a second,
    // says nothing to the log, and knows nothing of the calls that were not reset: `FrameBudget`
    // has a better one.
    unsafe nghttp2_option_set_stream_reset_rate_limit(option, .max, .max)

    var session: OpaquePointer?
    switch role {
    case .client: unsafe nghttp2_session_client_new2(&session, callbacks, nil, option)
    case .server: unsafe nghttp2_session_server_new2(&session, callbacks, nil, option)
    }
    guard let session = unsafe session else {
      throw HTTP2Failure(code: Int(NGHTTP2_ERR_NOMEM.rawValue))
    }
    unsafe self.session = session
    submitSettings(role, limits)
  }

  deinit {
    unsafe nghttp2_session_del(session)
  }

  /// Says whom the callbacks call; `owner` must hold this session, and so outlive it.
  func setOwner(_ owner: HTTP2Connection) {
    unsafe nghttp2_session_set_user_data(session, Unmanaged.passUnretained(owner).toOpaque())
  }

  /// Has `stream(_:)` find a stream by its number until nghttp2 closes it; the owner must hold it
  /// as long.
  func setStream(_ stream: HTTP2Stream) {
    let pointer = unsafe Unmanaged.passUnretained(stream).toOpaque()
    _ = unsafe nghttp2_session_set_stream_user_data(session, stream.id, pointer)
  }

  func stream(_ id: Int32) -> HTTP2Stream? {
    guard let pointer = unsafe nghttp2_session_get_stream_user_data(session, id) else {
      return nil
    }
    return unsafe Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
  }

  private func submitSettings(_ role: HTTP2Role, _ limits: HTTP2Limits) {
    var settings: [nghttp2_settings_entry] = []
    func add(_ id: nghttp2_settings_id, _ value: Int) {
      settings.append(
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
      )
    }
    switch role {
    case .client: add(NGHTTP2_SETTINGS_ENABLE_PUSH, 0)
    case .server: add(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams)
    }
    add(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes)
    add(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.maxHeaderListBytes)
    // RFC 9218: no tree of priorities to keep, and none to be flooded.
    add(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1)
    _ = unsafe nghttp2_submit_settings(
      session,
      UInt8(NGHTTP2_FLAG_NONE.rawValue),
      settings,
      settings.count
    )
    // The connection's window holds every stream's, so that no unread stream can stall another.
    let window = limits.streamWindowBytes.multipliedReportingOverflow(
      by: limits.maxConcurrentStreams
    )
    let connectionWindow =
      window.overflow ? Int32.max : Int32(clamping: max(window.partialValue, 65_535))
    _ = unsafe nghttp2_session_set_local_window_size(
      session,
      UInt8(NGHTTP2_FLAG_NONE.rawValue),
      0,
      connectionWindow
    )
  }
}

// Moving bytes.
extension HTTP2Session {
  /// Feeds what came from the peer; the callbacks run inside.
  ///
  /// Every error of `nghttp2_session_mem_recv` (NOMEM, CALLBACK_FAILURE, BAD_CLIENT_MAGIC, FLOODED)
  /// means the end of the connection; violations of the protocol are not among them, those queue a
  /// GOAWAY and end `wantsRead`.
  func receive(_ buffer: ByteBuffer) throws(HTTP2Failure) {
    let result = unsafe buffer.withUnsafeReadableBytes { bytes in
      let start = unsafe bytes.bindMemory(to: UInt8.self)
      return unsafe nghttp2_session_mem_recv(session, start.baseAddress, start.count)
    }
    guard result >= 0 else { throw HTTP2Failure(code: result) }
  }

  /// Appends waiting frames to `buffer` until it holds `limit` bytes or none are left.
  ///
  /// - Returns: whether more may be waiting.
  func send(into buffer: inout ByteBuffer, limit: Int) throws(HTTP2Failure) -> Bool {
    while buffer.readableBytes < limit {
      var start: UnsafePointer<UInt8>?
      let count = unsafe nghttp2_session_mem_send(session, &start)
      guard count >= 0 else { throw HTTP2Failure(code: count) }
      guard count > 0, let start = unsafe start else { return false }
      unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: start, count: count))
    }
    return true
  }

  var wantsRead: Bool { unsafe nghttp2_session_want_read(session) != 0 }
  var wantsWrite: Bool { unsafe nghttp2_session_want_write(session) != 0 }

  /// Opens the window again for bytes that have been used; `stream` 0 is the connection alone.
  func consume(_ count: Int, stream: Int32) {
    if stream == 0 {
      _ = unsafe nghttp2_session_consume_connection(session, count)
    } else {
      _ = unsafe nghttp2_session_consume(session, stream, count)
    }
  }
}

// What this end submits. The results are errors for lack of memory and for streams that are gone;
// of the latter `onStreamClose` tells, so only the first use of a stream looks at them.
extension HTTP2Session {
  /// - Returns: the stream's number; `nil` if the connection takes no more requests.
  func submitRequest(_ headers: HeaderBlock) -> Int32? {
    let id = unsafe withBody { body in
      unsafe headers.withFields { fields, count in
        unsafe nghttp2_submit_request(session, nil, fields, count, body, nil)
      }
    }
    return id > 0 ? id : nil
  }

  /// Answers with headers, which end the stream unless a body follows them.
  func submitResponse(_ headers: HeaderBlock, stream: Int32, hasBody: Bool) {
    unsafe withBody { body in
      unsafe headers.withFields { fields, count in
        _ = unsafe nghttp2_submit_response(
          session,
          stream,
          fields,
          count,
          hasBody ? body : nil
        )
      }
    }
  }

  func submitTrailers(_ headers: HeaderBlock, stream: Int32) {
    unsafe headers.withFields { fields, count in
      _ = unsafe nghttp2_submit_trailer(session, stream, fields, count)
    }
  }

  /// Asks again for a body that had nothing to send.
  func resume(stream: Int32) {
    _ = unsafe nghttp2_session_resume_data(session, stream)
  }

  func reset(stream: Int32, code: HTTP2Code) {
    _ = unsafe nghttp2_submit_rst_stream(
      session,
      UInt8(NGHTTP2_FLAG_NONE.rawValue),
      stream,
      code.rawValue
    )
  }

  /// Announces that this end will stop accepting streams, without refusing any yet.
  func submitShutdownNotice() {
    _ = unsafe nghttp2_submit_shutdown_notice(session)
    submitPing()
  }

  func submitPing() {
    _ = unsafe nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
  }

  /// Accepts no stream after those that came so far.
  func submitGoAway(code: HTTP2Code = .noError, reason: String = "") {
    let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
    let reason = [UInt8](reason.utf8)
    _ = unsafe nghttp2_submit_goaway(
      session,
      UInt8(NGHTTP2_FLAG_NONE.rawValue),
      last,
      code.rawValue,
      reason,
      reason.count
    )
  }

  private func withBody<Result>(
    _ body: (UnsafePointer<nghttp2_data_provider>) -> Result
  ) -> Result {
    var provider = unsafe nghttp2_data_provider()
    unsafe provider.read_callback = unsafe http2DataSource
    return unsafe withUnsafePointer(to: provider) { unsafe body($0) }
  }
}

/// The error codes of HTTP/2 that this module sends (RFC 9113 section 7).
enum HTTP2Code: UInt32 {
  case noError = 0x0
  case internalError = 0x2
  case refusedStream = 0x7
  case cancel = 0x8
  case enhanceYourCalm = 0xb
}
