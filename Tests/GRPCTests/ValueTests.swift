import NIOCore
import Testing

@testable import GRPC

@Suite("Values on the wire")
struct ValueTests {
  @Suite("grpc-timeout")
  struct TimeoutTests {
    @Test(
      arguments: [
        ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
        ("4m", .milliseconds(4)), ("5u", .microseconds(5)), ("6n", .nanoseconds(6)),
        ("0S", .zero), ("99999999H", .seconds(99_999_999 * 3600)),
      ]
    )
    func `is read in every unit`(text: String, duration: Duration) {
      #expect(Timeout.decode([UInt8](text.utf8).span) == duration)
    }

    @Test(arguments: ["", "S", "5", "5s", "-5S", "+5S", "123456789S", "1.5S", "5 S", "٣S"])
    func `is refused when it is malformed`(text: String) {
      #expect(Timeout.decode([UInt8](text.utf8).span) == nil)
    }

    @Test(
      arguments: [
        (Duration.nanoseconds(1), "1n"), (.milliseconds(99), "99000000n"),
        (.milliseconds(100), "100000u"), (.seconds(100), "100000m"),
        (.seconds(99_998), "99998000m"),
        (.seconds(99_999_998), "99999998S"), (.seconds(100_000_000), "1666667M"),
        (.seconds(10_000_000_000), "2777778H"), (.zero, "0n"), (.seconds(-1), "0n"),
        (.seconds(Int64.max), "99999999H"),
      ]
    )
    func `is written in the finest unit that holds it`(duration: Duration, text: String) {
      #expect(Timeout.encode(duration) == text)
    }
  }

  @Suite("grpc-message")
  struct StatusMessageTests {
    @Test(
      arguments: [
        ("plain text~", "plain text~"), ("100%", "100%25"), ("é", "%C3%A9"), ("a\nb", "a%0Ab"),
        ("\t\u{7f}", "%09%7F"), ("", ""), (" ", "%20"), (" a b ", "%20a b%20"),
      ]
    )
    func `is percent-encoded and decoded`(text: String, encoded: String) {
      #expect(String(decoding: StatusMessage.encode(text), as: UTF8.self) == encoded)
      #expect(StatusMessage.decode([UInt8](encoded.utf8).span) == text)
    }

    @Test(
      arguments: [("%", "%"), ("a%4", "a%4"), ("%zz", "%zz"), ("%c3%a9", "é"), ("%FF", "\u{fffd}")]
    )
    func `is shown as it came when it is badly encoded`(encoded: String, text: String) {
      #expect(StatusMessage.decode([UInt8](encoded.utf8).span) == text)
    }
  }

  @Suite("metadata")
  struct MetadataTests {
    @Test(
      arguments: [("AP8B", [0, 255, 1]), ("AP8=", [0, 255]), ("AP8", [0, 255]), ("", [])]
        as [(String, [UInt8])]
    )
    func `binary values are read with and without padding`(text: String, bytes: [UInt8]) {
      var metadata = Metadata()
      _ = metadata.receive(text, for: "a-bin")
      #expect(metadata[binary: "A-Bin"] == bytes)
    }

    @Test func `binary values are written without padding`() {
      #expect(Metadata.encodeBase64([0, 255]) == "AP8")
      #expect(Metadata.encodeBase64([]) == "")
    }

    @Test(arguments: ["A", "****", "AP8==", "=", "AP=8", "AP8 ", "AP-_"])
    func `what is not base64 is refused`(text: String) {
      var metadata = Metadata()
      let isRead = metadata.receive(text, for: "a-bin")
      #expect(!isRead)
    }

    @Test func `a joined binary field is several values`() {
      var metadata = Metadata()
      _ = metadata.receive("AQ==,Ag,", for: "a-bin")
      #expect(metadata.map(\.value) == [.binary([1]), .binary([2]), .binary([])])
    }

    @Test func `fields that cannot travel are not added`() {
      var metadata = Metadata()
      for key in ["", ":path", "grpc-status", "a b", "học", "content-type", "te", "a-bin"] {
        metadata.add("x", for: key)
      }
      for value in ["a\nb", "é", " a", "a "] { metadata.add(value, for: "a") }
      metadata.add(binary: [1], for: "a")
      #expect(metadata.isEmpty)
      metadata.add("a b", for: "X.y_z-1")
      #expect(metadata["x.Y_z-1"] == "a b")
    }
  }

  @Suite("codes")
  struct CodeTests {
    @Test(
      arguments: [
        (400, RPCCode.internalError), (401, .unauthenticated), (403, .permissionDenied),
        (404, .unimplemented), (429, .unavailable), (502, .unavailable), (503, .unavailable),
        (504, .unavailable), (500, .unknown), (302, .unknown), (0, .unknown),
      ]
    )
    func `an HTTP status has a code`(status: Int, code: RPCCode) {
      #expect(RPCCode(httpStatus: status) == code)
    }

    @Test(
      arguments: [
        (0, RPCCode.internalError), (1, .internalError), (2, .internalError), (3, .internalError),
        (4, .internalError), (5, .unknown), (6, .internalError), (7, .unavailable),
        (8, .cancelled), (9, .internalError), (10, .internalError), (11, .resourceExhausted),
        (12, .permissionDenied), (13, .unknown),
      ] as [(UInt32, RPCCode)]
    )
    func `a reset has a code`(reset: UInt32, code: RPCCode) {
      #expect(RPCCode(resetCode: reset) == code)
    }

    @Test func `each has its name`() {
      #expect(RPCCode.ok.description == "OK")
      #expect(RPCCode.unauthenticated.description == "UNAUTHENTICATED")
      #expect(RPCCode(rawValue: 99).description == "CODE_99")
    }
  }
}
