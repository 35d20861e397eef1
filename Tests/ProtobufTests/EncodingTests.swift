import API
import Protobuf
import Testing

@Suite("Encoding")
struct EncodingTests {
  @Test func `maps are encoded in the order of their keys`() {
    let labels = Dictionary(uniqueKeysWithValues: "badce".map { (String($0), "") })
    #expect(
      ProtobufTest.Everything(labels: labels).encoded().hex
        == "9a03030a01619a03030a01629a03030a01639a03030a01649a03030a0165"
    )
    let flags: [Bool: ProtobufTest.Everything.Color] = [true: .red, false: .red]
    #expect(
      ProtobufTest.Everything(colorsByFlag: flags).encoded().hex == "aa03021001aa030408011001"
    )
  }

  @Test func `equal values have equal encodings`() {
    var random = RandomValues(seed: 4)
    for _ in 0..<200 {
      let value = random.everything()
      var copy = value
      copy.labels = Dictionary(uniqueKeysWithValues: value.labels.reversed())
      #expect(copy.encoded() == value.encoded())
    }
  }

  @Test func `what is set to its default in a oneof or an optional is encoded all the same`() {
    #expect(ProtobufTest.Everything(choice: .number(0)).encoded().hex == "c80200")
    #expect(ProtobufTest.Everything(choice: .text("")).encoded().hex == "d20200")
    #expect(ProtobufTest.Everything(maybeFlag: false).encoded().hex == "800400")
    #expect(ProtobufTest.Everything(inner: .init()).encoded().hex == "8a0100")
  }

  @Test func `values of an enum know their names, an alias the first`() {
    typealias Color = ProtobufTest.Everything.Color
    #expect(Color.crimson == .red)
    #expect(Color.crimson.name == "COLOR_RED")
    #expect(Color(name: "COLOR_NEGATIVE") == .negative)
    #expect(Color(name: "COLOR_BLUE") == nil)
  }

  @Test func `names that Swift or C keep for themselves survive`() throws {
    let names = ProtobufTest.Names(
      in: "1",
      default: 2,
      self_: true,
      type: .init(protocol: "4"),
      protocol: ["5", "5"],
      nProtocol: 6,
      base: 7,
      init_: .default,
      string: .init(true: true),
      c: "10",
      message: 11,
      arena: [12],
      requestID: "13",
      mixedCase: "14",
      func: .var(15),
      funcCase: 17,
      descriptor: "18",
      fullName: "19"
    )
    #expect(try ProtobufTest.Names(decoding: names.encoded()) == names)
    #expect(ProtobufTest.Names.SelfEnum.self2.rawValue == 2)
  }
}

@Suite("Any")
struct AnyTests {
  @Test func `is unpacked as what was packed, and as nothing else`() throws {
    let info = GoogleRPC.ErrorInfo(reason: "TERM_LOCKED", domain: "hocba", metadata: ["a": "b"])
    let any = GoogleProtobuf.`Any`(packing: info)
    #expect(any.typeURL == "type.googleapis.com/google.rpc.ErrorInfo")
    #expect(try any.unpacked() == info)
    #expect(try any.unpacked(as: GoogleRPC.BadRequest.self) == nil)
  }

  @Test func `is an error if its bytes are not what its type says`() {
    let any = GoogleProtobuf.`Any`(typeURL: "x/google.rpc.ErrorInfo", value: [0x0A, 0x01, 0xFF])
    #expect(throws: DecodeError.invalidUTF8("google.rpc.ErrorInfo.reason")) {
      try any.unpacked(as: GoogleRPC.ErrorInfo.self)
    }
  }
}
