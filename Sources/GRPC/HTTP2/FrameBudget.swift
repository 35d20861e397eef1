/// Counts a peer's frames, and says when it sends too many that bring nothing.
///
/// Reads no more than the frames' headers, and all of them: of some frames nghttp2 tells nobody.
/// What brings work pays for what does not: a frame of content, either way, for `noisePerContent`
/// others, and a call that ended well for one that was reset. A peer is abusive that overdraws this
/// by more than `mark` within `window`; a slower one costs less than it is worth to look at.
/// No clock inside: the owner reads one when `isAtMark`.
///
/// Against the floods of CVE-2019-9511 to 9518 and CVE-2023-44487, as far as nghttp2 does not stop
/// them itself (acknowledgements that nobody reads, CONTINUATION frames within one block, settings
/// in one frame).
struct FrameBudget {
  /// Frames; more than a client of gRPC sends without content within `window`.
  static let mark = 500
  static let window = Duration.seconds(10)
  /// A reader of a stream answers one DATA frame with two WINDOW_UPDATE and, measuring the line,
  /// with a PING.
  static let noisePerContent = 4

  private struct Allowance {
    let perEarned: Int
    var since: ContinuousClock.Instant
    var spent = 0
    var earned = 0

    var isAtMark: Bool { spent >= mark }

    /// Asked at the mark, and begins anew there.
    mutating func isOverdrawn(at now: ContinuousClock.Instant) -> Bool {
      if spent > earned * perEarned, now - since < window { return true }
      (spent, earned, since) = (0, 0, now)
      return false
    }
  }

  private var noise: Allowance
  private var resets: Allowance
  private let countsResets: Bool

  /// The noise by frame type; those that RFC 9113 does not have are the last.
  private var kinds: InlineArray<11, UInt32> = InlineArray(repeating: 0)

  // The frame that is being read.
  private var header: UInt64 = 0
  private var headerCount = 0
  private var length = 0
  private var payloadLeft: Int
  private var type = FrameType.unknown
  private var endsBlock = true
  private var isPadded = false

  /// The header blocks that began.
  private(set) var blockCount = 0

  init(_ role: HTTP2Role, at now: ContinuousClock.Instant) {
    noise = Allowance(perEarned: FrameBudget.noisePerContent, since: now)
    resets = Allowance(perEarned: 1, since: now)
    // A server that refuses calls is no danger to its client.
    countsResets = role == .server
    payloadLeft = role == .server ? 24 : 0
  }

  /// Whether a header block has begun and not come to its end.
  var isInBlock: Bool {
    (type == .headers || type == .continuation) && (payloadLeft > 0 || !endsBlock)
  }

  /// A call's stream ended without an error.
  mutating func callEnded() { resets.earned &+= 1 }

  /// This end sent HEADERS or DATA.
  mutating func contentSent() { noise.earned &+= 1 }

  /// This end reset a stream for an error of the peer.
  mutating func resetSent() { resets.spent &+= 1 }

  /// Whether `offence` has to be asked.
  var isAtMark: Bool { noise.isAtMark || countsResets && resets.isAtMark }

  /// What the peer does wrong, if anything.
  mutating func offence(at now: ContinuousClock.Instant) -> Offence? {
    if countsResets, resets.isAtMark, resets.isOverdrawn(at: now) { return .rapidReset }
    guard noise.isAtMark else { return nil }
    if noise.isOverdrawn(at: now) { return worst }
    kinds = InlineArray(repeating: 0)
    return nil
  }

  /// How much was counted since the budget began anew.
  var counts: (noise: Int, resets: Int) { (noise.spent, resets.spent) }

  private var worst: Offence {
    var worst = 0
    for index in kinds.indices where kinds[index] > kinds[worst] { worst = index }
    switch FrameType(rawValue: UInt8(worst)) {
    case .data, .headers: return .emptyDataFlood
    case .priority: return .priorityFlood
    case .settings: return .settingsFlood
    case .ping: return .pingFlood
    case .windowUpdate: return .windowUpdateFlood
    case .continuation: return .continuationFlood
    default: return .unknownFrameFlood
    }
  }
}

/// The types of frames that RFC 9113 has.
private enum FrameType: UInt8 {
  case data
  case headers
  case priority
  case reset
  case settings
  case pushPromise
  case ping
  case goAway
  case windowUpdate
  case continuation
  case unknown
}

// Reading.
extension FrameBudget {
  /// Takes in the next bytes from the peer.
  mutating func count(_ bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count {
      if payloadLeft > 0 {
        if isPadded {
          isPadded = false
          if payloadLeft <= Int(bytes[index]) + 1 { addNoise() } else { noise.earned &+= 1 }
        }
        let count = min(payloadLeft, bytes.count - index)
        payloadLeft -= count
        index += count
      } else {
        header = header << 8 | UInt64(bytes[index])
        headerCount += 1
        index += 1
        if headerCount == 5 { beginFrame() }
        if headerCount == 9 { (payloadLeft, header, headerCount) = (length, 0, 0) }
      }
    }
  }

  private mutating func beginFrame() {
    length = Int(header >> 16)
    let flags = UInt8(truncatingIfNeeded: header)
    type = FrameType(rawValue: UInt8(truncatingIfNeeded: header >> 8)) ?? .unknown
    endsBlock = flags & 0x4 != 0
    isPadded = type == .data && flags & 0x8 != 0
    let isEnd = flags & 0x1 != 0
    switch type {
    case .data where isPadded: break
    case .data where length > 0 || isEnd: noise.earned &+= 1
    case .headers:
      blockCount &+= 1
      noise.earned &+= 1
    case .reset: resets.spent &+= 1
    default: addNoise()
    }
  }

  private mutating func addNoise() {
    noise.spent &+= 1
    kinds[Int(type.rawValue)] &+= 1
  }
}
