/// A cell's place as the format writes it (`B12`).
struct CellReference: Equatable {
  var row: Int
  var column: Int

  /// Reads `B12` or `$B$12`; `nil` when it is malformed or outside a sheet.
  init?(_ text: some StringProtocol) {
    var row = 0
    var column = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "$"): continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where row == 0:
        column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
      case UInt8(ascii: "0")...UInt8(ascii: "9") where column > 0:
        row = row * 10 + Int(byte - UInt8(ascii: "0"))
      default: return nil
      }
      guard column <= lastColumn, row <= lastRow else { return nil }
    }
    guard row > 0, column > 0 else { return nil }
    self.row = row
    self.column = column
  }
}

extension CellRange {
  /// Reads `A1:C2` or `A1`; `nil` when it is malformed.
  init?(_ text: String) {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false)
    guard
      let first = ends.first, ends.count <= 2,
      let from = CellReference(first),
      let to = CellReference(ends.last ?? first),
      from.row <= to.row, from.column <= to.column
    else { return nil }
    self.init(rows: from.row...to.row, columns: from.column...to.column)
  }
}

/// The letters of a column: 1 is `A`, 28 is `AB`.
package func columnLetters(_ column: Int) -> String {
  var rest = column
  var letters = ""
  while rest > 0 {
    let digit = UInt8((rest - 1) % 26)
    letters = String(UnicodeScalar(UInt8(ascii: "A") + digit)) + letters
    rest = (rest - 1) / 26
  }
  return letters
}
