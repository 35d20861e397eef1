import Testing

@testable import Assessment

@Suite("Circular 22, article 8: conduct")
struct Article08_ConductTests {
  @Test(arguments: [
    ("K1", "K", "T", "T"), ("K2", "Đ", "T", "K"), ("K3", "T", "Đ", "K"), ("K4", "CĐ", "K", "Đ"),
    ("K5", "T", "CĐ", "CĐ"),
  ])
  func `follows the worked examples`(id: String, first: String, second: String, year: String) throws
  {
    let decision = Circular22.Article08.year(
      firstTerm: try #require(ConductLevel(rawValue: first)),
      secondTerm: try #require(ConductLevel(rawValue: second))
    )
    #expect(decision.outcome.rawValue == year, "\(id)")
    #expect(decision.basis.text == "khoản 2 Điều 8 Thông tư 22/2021/TT-BGDĐT")
  }

  @Test func `follows the table of both terms, cell by cell`() {
    let order: [ConductLevel] = [.good, .fair, .passed, .notPassed]
    let table = [
      ["T", "K", "K", "CĐ"],
      ["T", "K", "Đ", "CĐ"],
      ["K", "K", "Đ", "CĐ"],
      ["K", "Đ", "Đ", "CĐ"],
    ]
    for (row, first) in order.enumerated() {
      for (column, second) in order.enumerated() {
        let year = Circular22.Article08.year(firstTerm: first, secondTerm: second)
        #expect(year.outcome.rawValue == table[row][column], "\(first) \(second)")
      }
    }
  }
}
