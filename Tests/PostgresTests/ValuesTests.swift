import Postgres
import Testing

/// What comes back is what was bound.
@Suite struct ValuesTests {
  /// Strings from the corners: quotes, backslashes, separators, the word NULL, scripts of all
  /// sizes.
  private static func text(_ generator: inout some RandomNumberGenerator) -> String {
    let pieces = [
      "\"", "\\", ",", "{", "}", "NULL", "null", " ", "\n", "\t", "'", "$1", "Học bạ", "ọ",
      "\u{1F393}", "\u{0301}", "a", "",
    ]
    return (0..<Int.random(in: 0...6, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }

  @Test func `arrays of generated values`() async throws {
    try await withDatabase { database async throws in
      var generator = SystemRandomNumberGenerator()
      for _ in 0..<300 {
        let count = Int.random(in: 0...8, using: &generator)
        let texts: [String?] = (0..<count).map { _ in
          Bool.random() ? Self.text(&generator) : nil
        }
        let numbers: [Int?] = (0..<count).map { _ in
          Bool.random() ? Int.random(in: .min ... .max) : nil
        }
        let back: [String?]? = try await database.first("SELECT \(texts)::text[]")
        // Compared as bytes: for Swift, composed and decomposed text are equal.
        #expect(back?.map { $0.map { Array($0.utf8) } } == texts.map { $0.map { Array($0.utf8) } })
        #expect(try await database.first("SELECT \(numbers)::bigint[]") == numbers)
        // The server reads the elements as we meant them.
        let nulls: Int? = try await database.first(
          "SELECT count(*) FROM unnest(\(texts)::text[]) AS t (x) WHERE x IS NULL"
        )
        #expect(nulls == texts.count { $0 == nil })
      }
    }
  }

  @Test func `scalars`() async throws {
    try await withDatabase { database async throws in
      #expect(try await database.first("SELECT \(Int.min)::bigint") == Int.min)
      #expect(try await database.first("SELECT \(Int32.max)::integer") == Int32.max)
      #expect(try await database.first("SELECT NOT \(true)") == false)
      #expect(try await database.first("SELECT \("Học bạ")") == "Học bạ")
      #expect(try await database.first("SELECT \(String?.none)::text IS NULL") == true)
      #expect(try await database.first("SELECT 5 = ANY(\([3, 5]))") == true)
      #expect(try await database.first("SELECT \([true, false])::boolean[]") == [true, false])
      #expect(try await database.first("SELECT \([String]())::text[]") == [String]())
    }
  }

  @Test func `times are told in UTC, whatever the server is set to`() async throws {
    try await withDatabase({ $0.add(option: "TimeZone", "Asia/Ho_Chi_Minh") }) {
      database in
      let time: String? = try await database.first(
        "SELECT \("2023-01-15 12:00:00+07")::timestamptz"
      )
      #expect(time == "2023-01-15 05:00:00+00")
    }
  }

  @Test(arguments: [0, 1, 255, 70_000])
  func `bytes of every value`(count: Int) async throws {
    try await withDatabase { database async throws in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      #expect(try await database.first("SELECT \(bytes)::bytea") == bytes)
      #expect(try await database.first("SELECT length(\(bytes)::bytea)") == count)
    }
  }

  @Test func `types with a raw value travel as it`() async throws {
    enum Level: String, Bindable, ColumnDecodable, RowDecodable { case good, fair }
    try await withDatabase { database async throws in
      #expect(try await database.first("SELECT \(Level.fair)::text") == Level.fair)
      let error = await storeError { try await database.first("SELECT 'bad' AS level") as Level? }
      #expect(error == .decode(column: "level", reason: "is not Level"))
    }
  }

  @Test func `an embedded NUL is refused, wherever it stands`() async throws {
    try await withDatabase { database async throws in
      let nul = "a\u{0}b"
      let refused = StoreError.value("text with an embedded NUL")
      #expect(await storeError { try await database.first("SELECT \(nul)") as String? } == refused)
      #expect(
        await storeError { try await database.first("SELECT \([nul])::text[]") as [String]? }
          == refused
      )
      let settings: [(StaticString, String)] = [("hocba.school", nul)]
      #expect(
        await storeError { try await database.first("SELECT 1", settings: settings) as Int? }
          == refused
      )
      #expect(
        await storeError {
          try await database.transaction { try await $0.copyIn("COPY x FROM STDIN", [[nul]]) }
        } == refused
      )
      #expect(try await database.first("SELECT 1") == 1)
    }
  }

  @Test func `arrays of more than one dimension and shifted ones are refused`() async throws {
    try await withDatabase { database async throws in
      for text in ["{{1,2},{3,4}}", "[0:1]={1,2}"] {
        let error = await storeError {
          try await database.first("SELECT \(text)::integer[] AS a") as [Int]?
        }
        #expect(error == .decode(column: "a", reason: "is not an array of one dimension"))
      }
    }
  }
}
