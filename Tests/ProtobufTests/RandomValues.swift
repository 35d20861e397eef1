import API
import TestTools

/// Makes random messages.
struct RandomValues {
  var source: SplitMix

  init(seed: UInt64) {
    source = SplitMix(seed: seed)
  }

  mutating func flag() -> Bool { Bool.random(using: &source) }

  mutating func count(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &source) }

  mutating func number<Number: FixedWidthInteger>() -> Number {
    let bits = Number(truncatingIfNeeded: source.next())
    // Small numbers and the ends as often as any others: each length of varint occurs.
    return [0, 1, Number.min, Number.max, bits, bits >> (Number.bitWidth / 2)][count(6)]
  }

  mutating func real() -> Double { [0, 0.1, -1e300, .infinity, Double(count(1000))][count(5)] }

  mutating func float() -> Float { [0, 0.1, -1e30, .infinity, Float(count(1000))][count(5)] }

  mutating func text() -> String {
    let letters = Array("aZ09 Họcbạ\n€😀")
    return String((0..<count(12)).map { _ in letters[count(letters.count)] })
  }

  mutating func bytes() -> [UInt8] { (0..<count(12)).map { _ in UInt8(count(256)) } }

  mutating func list<T>(_ make: (inout Self) -> T) -> [T] {
    (0..<count(5)).map { _ in make(&self) }
  }

  mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { flag() ? make(&self) : nil }

  mutating func map<Key, Value>(
    _ key: (inout Self) -> Key,
    _ value: (inout Self) -> Value
  ) -> [Key: Value] {
    Dictionary(list { (key(&$0), value(&$0)) }) { _, last in last }
  }

  mutating func color() -> ProtobufTest.Everything.Color { .init(rawValue: number()) }

  mutating func inner() -> ProtobufTest.Everything.Inner {
    .init(
      text: text(),
      innermost: maybe { .init(depth: $0.number(), notes: $0.list { $0.text() }) },
      either: maybe { $0.flag() ? .left($0.number()) : .right($0.text()) }
    )
  }

  mutating func choice() -> ProtobufTest.Everything.Choice {
    switch count(8) {
    case 0: .number(number())
    case 1: .text(text())
    case 2: .data(bytes())
    case 3: .flag(flag())
    case 4: .shade(color())
    case 5: .message(inner())
    case 6: .real(real())
    default: .nothing(.init())
    }
  }

  mutating func everything() -> ProtobufTest.Everything {
    var value = ProtobufTest.Everything()
    if flag() { scalars(&value) }
    if flag() { lists(&value) }
    value.inner = maybe { $0.inner() }
    value.choice = maybe { $0.choice() }
    value.maybeNumber = maybe { $0.number() }
    value.maybeText = maybe { $0.text() }
    value.maybeData = maybe { $0.bytes() }
    value.maybeFlag = maybe { $0.flag() }
    value.maybeColor = maybe { $0.color() }
    value.maybeReal = maybe { $0.real() }
    value.maybeInner = maybe { $0.inner() }
    value.labels = map({ $0.text() }, { $0.text() })
    value.innersByNumber = map({ $0.number() }, { $0.inner() })
    value.colorsByFlag = map({ $0.flag() }, { $0.color() })
    value.dataByNumber = map({ $0.number() }, { $0.bytes() })
    value.realsByNumber = map({ $0.number() }, { $0.real() })
    return value
  }

  private mutating func scalars(_ value: inout ProtobufTest.Everything) {
    value.doubleValue = real()
    value.floatValue = float()
    value.int32Value = number()
    value.int64Value = number()
    value.uint32Value = number()
    value.uint64Value = number()
    value.sint32Value = number()
    value.sint64Value = number()
    value.fixed32Value = number()
    value.fixed64Value = number()
    value.sfixed32Value = number()
    value.sfixed64Value = number()
    value.boolValue = flag()
    value.stringValue = text()
    value.bytesValue = bytes()
    value.color = color()
    value.outer = .init(rawValue: number())
  }

  private mutating func lists(_ value: inout ProtobufTest.Everything) {
    value.doubles = list { $0.real() }
    value.floats = list { $0.float() }
    value.int32s = list { $0.number() }
    value.int64s = list { $0.number() }
    value.uint32s = list { $0.number() }
    value.uint64s = list { $0.number() }
    value.sint32s = list { $0.number() }
    value.sint64s = list { $0.number() }
    value.fixed32s = list { $0.number() }
    value.fixed64s = list { $0.number() }
    value.sfixed32s = list { $0.number() }
    value.sfixed64s = list { $0.number() }
    value.bools = list { $0.flag() }
    value.strings = list { $0.text() }
    value.byteStrings = list { $0.bytes() }
    value.colors = list { $0.color() }
    value.inners = list { $0.inner() }
    value.unpacked = list { $0.number() }
  }

  mutating func wellKnown() -> ProtobufTest.WellKnown {
    .init(
      timestamp: maybe { .init(seconds: $0.number(), nanos: $0.number()) },
      duration: maybe { .init(seconds: $0.number(), nanos: $0.number()) },
      fieldMask: maybe { .init(paths: $0.list { $0.text() }) },
      any: maybe { .init(packing: $0.inner()) },
      empty: maybe { _ in .init() },
      doubleValue: maybe { .init(value: $0.real()) },
      floatValue: maybe { .init(value: $0.float()) },
      int64Value: maybe { .init(value: $0.number()) },
      uint64Value: maybe { .init(value: $0.number()) },
      int32Value: maybe { .init(value: $0.number()) },
      uint32Value: maybe { .init(value: $0.number()) },
      boolValue: maybe { .init(value: $0.flag()) },
      stringValue: maybe { .init(value: $0.text()) },
      bytesValue: maybe { .init(value: $0.bytes()) },
      timestamps: list { .init(seconds: $0.number(), nanos: $0.number()) }
    )
  }

  mutating func status() -> GoogleRPC.Status {
    .init(
      code: number(),
      message: text(),
      details: [
        .init(
          packing: GoogleRPC.ErrorInfo(
            reason: text(),
            domain: "hocba",
            metadata: map({ $0.text() }, { $0.text() })
          )
        ),
        .init(
          packing: GoogleRPC.BadRequest(
            fieldViolations: list { .init(field: $0.text(), description: $0.text()) }
          )
        ),
      ]
    )
  }
}
