import API
import GRPC
import Protobuf
import Testing

/// The traps of protobuf-c, and what the wire format leaves to the decoder.
@Suite("Decoding")
struct DecodingTests {
  private typealias Everything = ProtobufTest.Everything
  private static let name = Everything.fullName

  private func everything(_ hex: String) throws(DecodeError) -> Everything {
    try Everything(decoding: [UInt8](hex: hex))
  }

  @Test(arguments: [
    ("72 02 61 FF", "string_value"),
    ("92 02 01 C0", "strings"),
    ("8A 01 05 0A 03 ED A0 80", "Inner.text"),
    ("D2 02 01 80", "text"),
    ("9A 03 05 0A 01 61 12 00 9A 03 05 0A 01 E1 12 00", "LabelsEntry.key"),
    ("F2 03 01 FE", "maybe_text"),
  ])
  func `text that is not UTF-8 is refused, and the field named`(hex: String, field: String) {
    #expect(throws: DecodeError.invalidUTF8("\(Self.name).\(field)")) { try everything(hex) }
  }

  @Test(arguments: [
    ("72 03 61 00 62", "string_value"),
    ("92 02 01 00", "strings"),
    ("8A 01 03 0A 01 00", "Inner.text"),
    ("D2 02 02 61 00", "text"),
  ])
  func `an embedded NUL is refused, and the field named`(hex: String, field: String) {
    #expect(throws: DecodeError.embeddedNUL("\(Self.name).\(field)")) { try everything(hex) }
  }

  @Test func `bytes may hold anything`() throws {
    #expect(try everything("7A 04 00 FF 00 C0").bytesValue == [0, 0xFF, 0, 0xC0])
  }

  @Test(arguments: [
    // A message within that has an unset oneof: merging two such reads out of bounds.
    ("8A 01 00 8A 01 00", "inner"),
    ("8A 01 02 18 01 8A 01 02 18 01", "inner"),
    ("8A 01 04 12 00 12 00", "Inner.innermost"),
    ("9A 04 00 9A 04 00", "maybe_inner"),
  ])
  func `a singular message may not stand twice`(hex: String, field: String) {
    #expect(throws: DecodeError.duplicate("\(Self.name).\(field)")) { try everything(hex) }
  }

  @Test(arguments: [
    "72", "72 05 61", "09 00", "08 01", "1D 00 00 00 00", "18", "18 80",
    // Lengths that no bytes follow, up to 4 GiB, and one that is itself too long.
    "7A FF FF FF FF 07", "7A FF FF FF FF 0F", "7A FB FF FF FF 0F", "7A FF FF FF FF FF 01",
    "92 02 FF FF FF FF 0F", "9A 03 FF FF FF FF 0F", "AA 01 FF FF FF FF 0F",
    // Varints of 11 bytes, alone and packed.
    "18 FF FF FF FF FF FF FF FF FF FF 01", "BA 01 0B FF FF FF FF FF FF FF FF FF FF 01",
    // Packed values cut short.
    "AA 01 07 00 00 00 00 00 00 00", "B2 01 03 00 00 00", "BA 01 01 80",
    // Wire types that are not the field's: bool among them, which protobuf-c would not notice.
    "6A 01 01", "6D 01 00 00 00", "69 01 00 00 00 00 00 00 00", "70 01", "88 01 01", "19 00",
    // Groups, and wire types that do not exist.
    "1B 1C", "0B 0C", "1E", "1F", "FF FF FF FF FF 01",
  ])
  func `what is no message is refused`(hex: String) {
    #expect(throws: DecodeError.malformed(Self.name)) { try everything(hex) }
  }

  @Test func `every cut of a message is refused or is a message`() throws {
    let whole = Everything.named.encoded()
    var refused = 0
    for count in whole.indices where (try? Everything(decoding: Array(whole[..<count]))) == nil {
      refused += 1
    }
    #expect(refused > whole.count / 2)
  }

  @Test func `a message that needs too much memory is refused`() {
    // 4 MiB of empty messages, three bytes each.
    let bytes = (0..<(4 << 20) / 3).flatMap { _ in [0xAA, 0x02, 0x00] as [UInt8] }
    #expect(throws: DecodeError.tooLarge(Self.name)) { try Everything(decoding: bytes) }
  }

  @Test func `unknown values of an enum survive`() throws {
    let value = try everything("80 01 63 A2 02 02 63 05")
    #expect(value.color.rawValue == 99)
    #expect(value.color.name == nil)
    #expect(value.colors.map(\.rawValue) == [99, 5])
    #expect(value.encoded().hex == "800163a202026305")
  }

  @Test func `unknown fields are skipped, whatever their type`() throws {
    let unknown = "A0 06 01 A1 06 00 00 00 00 00 00 00 00 A2 06 02 61 62 A5 06 00 00 00 00"
    #expect(try everything(unknown + "18 07") == .init(int32Value: 7))
  }

  @Test func `repeated numbers may be packed, not packed, or both`() throws {
    #expect(try everything("BA 01 02 01 02 B8 01 03").int32s == [1, 2, 3])
    #expect(try everything("B0 02 01 B2 02 02 02 03").unpacked == [1, 2, 3])
    #expect(try everything("88 02 01 8A 02 03 00 80 01").bools == [true, false, true])
  }

  @Test func `a varint longer than its type is cut, and a bool is any number but zero`() throws {
    #expect(try everything("18 FF FF FF FF FF FF FF FF FF 01").int32Value == -1)
    #expect(try everything("28 81 80 80 80 10").uint32Value == 1)
    #expect(try everything("68 80 80 80 80 10").boolValue)
    #expect(try everything("68 80 00").boolValue == false)
  }

  @Test func `the last of several scalars or choices counts`() throws {
    #expect(try everything("18 01 18 02").int32Value == 2)
    #expect(try everything("E8 03 01 E8 03 02").maybeNumber == 2)
    #expect(try everything("D2 02 01 61 C8 02 05").choice == .number(5))
    #expect(try everything("C8 02 05 F2 02 00").choice == .message(.init()))
    #expect(
      try everything("F2 02 02 18 01 F2 02 02 18 02").choice == .message(.init(either: .left(2)))
    )
    #expect(try everything("F2 02 02 18 01 DA 02 01 61").choice == .data([0x61]))
  }

  @Test func `the last of several entries of a map counts, and key and value may be missing`()
    throws
  {
    #expect(
      try everything("9A 03 06 0A 01 61 12 01 31 9A 03 06 0A 01 61 12 01 32").labels == ["a": "2"]
    )
    #expect(try everything("9A 03 00 A2 03 02 08 07").labels == ["": ""])
    #expect(try everything("9A 03 00 A2 03 02 08 07").innersByNumber == [7: .init()])
  }

  @Test func `no bytes are the message in which everything has its default`() throws {
    #expect(try everything("") == Everything())
    #expect(Everything().encoded().isEmpty)
    #expect(try ProtobufTest.Nothing(decoding: [0x18, 0x07]) == .init())
  }

  @Test func `a caller is told which field is wrong`() {
    let error = DecodeError.invalidUTF8("hocba.protobuf.test.Everything.string_value").rpcError
    #expect(error.code == .invalidArgument)
    #expect(error.message == "hocba.protobuf.test.Everything.string_value: not UTF-8")
  }
}
