import CNghttp2

/// Sets the functions that nghttp2 calls; each only finds the connection and calls one method of
/// it.
///
/// They run inside `HTTP2Session.receive` and `send`, on the connection's event loop. They return
/// zero, for every trouble with a stream is the stream's own and no reason to end the connection.
func setHTTP2Callbacks(_ callbacks: OpaquePointer) {
  unsafe setContentCallbacks(callbacks)
  unsafe setFrameCallbacks(callbacks)
}

/// What a peer's frames hold: header fields and data.
private func setContentCallbacks(_ callbacks: OpaquePointer) {
  unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, owner in
    guard let frame = unsafe frame else { return 0 }
    unsafe connection(owner)?.onBeginHeaders(stream: frame.pointee.hd.stream_id)
    return 0
  }
  unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks) {
    _,
    frame,
    name,
    nameCount,
    value,
    valueCount,
    _,
    owner in
    // nghttp2 ends both with a NUL, so that neither is ever absent.
    guard let frame = unsafe frame, let name = unsafe name, let value = unsafe value else {
      return 0
    }
    unsafe connection(owner)?.onHeader(
      stream: frame.pointee.hd.stream_id,
      name: Span(_unsafeStart: name, count: nameCount),
      value: Span(_unsafeStart: value, count: valueCount)
    )
    return 0
  }
  unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
    _,
    _,
    stream,
    data,
    count,
    owner in
    guard let data = unsafe data else { return 0 }
    unsafe connection(owner)?.onData(
      stream: stream,
      bytes: Span(_unsafeStart: data, count: count)
    )
    return 0
  }
}

/// That frames came and went, and that streams ended.
private func setFrameCallbacks(_ callbacks: OpaquePointer) {
  unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, owner in
    guard let frame = unsafe frame?.pointee.hd else { return 0 }
    unsafe connection(owner)?.onFrame(
      type: frame.type,
      flags: frame.flags,
      stream: frame.stream_id
    )
    return 0
  }
  unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, sent, owner in
    guard let frame = unsafe sent?.pointee.hd else { return 0 }
    if UInt32(frame.type) == NGHTTP2_RST_STREAM.rawValue {
      unsafe connection(owner)?.onResetSent(code: sent?.pointee.rst_stream.error_code ?? 0)
      return 0
    }
    if UInt32(frame.type) == NGHTTP2_GOAWAY.rawValue, let sent = unsafe sent?.pointee.goaway {
      let text = unsafe UnsafeBufferPointer(
        start: sent.opaque_data,
        count: sent.opaque_data_len
      )
      unsafe connection(owner)?.onGoAwaySent(
        code: sent.error_code,
        reason: String(decoding: text, as: UTF8.self)
      )
      return 0
    }
    unsafe connection(owner)?.onFrameSent(
      type: frame.type,
      flags: frame.flags,
      stream: frame.stream_id
    )
    return 0
  }
  unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) {
    _,
    stream,
    code,
    owner in
    unsafe connection(owner)?.onStreamClose(stream: stream, code: code)
    return 0
  }
}

/// Gives nghttp2 the next bytes of a stream's body.
let http2DataSource: nghttp2_data_source_read_callback = {
  _,
  stream,
  buffer,
  capacity,
  flags,
  _,
  owner in
  guard let owner = unsafe connection(owner), let buffer = unsafe buffer else {
    return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
  }
  switch unsafe owner.fillBody(
    of: stream,
    into: UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
  ) {
  case .bytes(let count):
    return count
  case .last(let count):
    unsafe flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    return count
  case .lastBeforeTrailers(let count):
    unsafe flags?.pointee |=
      NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
    return count
  case .nothingYet:
    return Int(NGHTTP2_ERR_DEFERRED.rawValue)
  case .streamIsGone:
    return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
  }
}

/// What a stream's body has for nghttp2.
enum BodyPart {
  case bytes(Int)
  case last(Int)
  case lastBeforeTrailers(Int)
  case nothingYet
  case streamIsGone
}

private func connection(_ owner: UnsafeMutableRawPointer?) -> HTTP2Connection? {
  guard let owner = unsafe owner else { return nil }
  return unsafe Unmanaged<HTTP2Connection>.fromOpaque(owner).takeUnretainedValue()
}
