import API
import Protobuf
import Testing

@Suite("Interoperation with Google's implementation")
struct InteropTests {
  static let count = 1000

  @Test func `what Python encodes is the same to Python after we decoded and encoded it`() throws {
    try roundTrip(ProtobufTest.Everything.self, "Everything")
    try roundTrip(ProtobufTest.WellKnown.self, "WellKnown")
  }

  @Test func `what we encode is the same to us after Python decoded and encoded it`() throws {
    var random = RandomValues(seed: 20_230_905)
    try echo((0..<Self.count).map { _ in random.everything() }, "Everything")
    try echo((0..<Self.count).map { _ in random.wellKnown() }, "WellKnown")
  }

  @Test func `each field has its own name`() throws {
    let bytes = try #require(try Python.run("named").first.map { [UInt8](hex: $0) })
    #expect(try ProtobufTest.Everything(decoding: bytes) == .named)
  }

  private func roundTrip<M: ProtobufMessage>(_ type: M.Type, _ name: String) throws {
    let lines = try Python.run("make", name, "17", "\(Self.count)")
    let pairs = try lines.map { line in
      line + " " + (try M(decoding: [UInt8](hex: line))).encoded().hex
    }
    #expect(try Python.run("same", name, input: pairs) == ["0 \(Self.count)"])
  }

  private func echo<M: ProtobufMessage>(_ values: [M], _ name: String) throws {
    let lines = try Python.run("echo", name, input: values.map { $0.encoded().hex })
    #expect(try lines.map { try M(decoding: [UInt8](hex: $0)) } == values)
  }
}

extension ProtobufTest.Everything {
  /// What `interop.py named` encodes.
  static let named = Self(
    doubleValue: 1.5,
    floatValue: 2.5,
    int32Value: -3,
    int64Value: -4,
    uint32Value: 5,
    uint64Value: 6,
    sint32Value: -7,
    sint64Value: -8,
    fixed32Value: 9,
    fixed64Value: 10,
    sfixed32Value: -11,
    sfixed64Value: -12,
    boolValue: true,
    stringValue: "mười bốn",
    bytesValue: [0, 0xFF],
    color: .negative,
    inner: .init(text: "17", innermost: .init(depth: -17, notes: ["1000"]), either: .left(0)),
    outer: .somethingElse,
    doubles: [21, 0],
    floats: [22, 0],
    int32s: [23, 0],
    int64s: [24, 0],
    uint32s: [25, 0],
    uint64s: [26, 0],
    sint32s: [-27, 0],
    sint64s: [-28, 0],
    fixed32s: [29, 0],
    fixed64s: [30, 0],
    sfixed32s: [-31, 0],
    sfixed64s: [-32, 0],
    bools: [true, false],
    strings: ["34", ""],
    byteStrings: [Array("35".utf8), []],
    colors: [.red, .init(rawValue: 36)],
    inners: [.init(either: .right("37"))],
    unpacked: [38, 0],
    choice: .message(.init(text: "46")),
    maybeNumber: 0,
    maybeText: "",
    maybeData: [],
    maybeFlag: false,
    maybeColor: .unspecified,
    maybeReal: 0,
    maybeInner: .init(),
    labels: ["a": "1", "b": "2"],
    innersByNumber: [-52: .init(text: "52")],
    colorsByFlag: [true: .red, false: .unspecified],
    dataByNumber: [-54: Array("54".utf8)],
    realsByNumber: [55: 5.5]
  )
}
