/// An ethnic group (*dân tộc*) of the statistical list 121-TCTK/PPCĐ of 1979.
package struct EthnicGroup: Sendable, Hashable, VietnameseNamed {
  /// The code of the list, `01` to `55`; `55` is a foreigner.
  package let code: String
  /// The name of the list, then other spellings.
  package let names: [String]

  /// Finds the group of a code; `nil` when the list has none such.
  package init?(code: String) {
    guard let match = Self.all.first(where: { $0.code == code }) else { return nil }
    self = match
  }

  /// Finds the group that goes by a name, whatever its case, spacing, hyphens and apostrophes.
  /// - Parameter name: The name as someone typed it, in NFC.
  package init?(named name: String) {
    guard let match = Self.byName[folded(name)] else { return nil }
    self = match
  }

  private static let byName: [String: EthnicGroup] = Dictionary(
    all.flatMap { group in group.names.map { (folded($0), group) } },
    uniquingKeysWith: { first, _ in first }
  )

  private init(number: Int, names: [String]) {
    code = number < 10 ? "0\(number)" : "\(number)"
    self.names = names
  }

  /// The list in the order of its codes.
  package static let all: [EthnicGroup] = lists.enumerated().map { index, names in
    EthnicGroup(number: index + 1, names: names)
  }

  private static let lists: [[String]] = [
    ["Kinh", "Việt"], ["Tày"], ["Thái"], ["Hoa"], ["Khơ-me", "Khmer", "Khơ-mer"], ["Mường"],
    ["Nùng"], ["HMông", "Mông", "Mèo"], ["Dao"], ["Gia-rai", "Jrai", "Ja-rai"], ["Ngái"],
    ["Ê-đê", "Rha-đê"], ["Ba-na", "Bahnar"], ["Xơ-đăng", "Xê-đăng", "Sơ-đăng"],
    ["Sán Chay", "Cao Lan", "Sán Chỉ", "Sán Chí"], ["Cơ-ho", "K'Ho", "Kơ-ho"], ["Chăm", "Chàm"],
    ["Sán Dìu"],
    ["Hrê"], ["Mnông"], ["Ra-glai", "Raglay"], ["Xtiêng", "Stiêng"],
    ["Bru-Vân Kiều", "Vân Kiều", "Bru"], ["Thổ"], ["Giáy"], ["Cơ-tu", "Katu", "Kơ-tu", "Cà-tu"],
    ["Gié-Triêng", "Giẻ-Triêng"], ["Mạ", "Châu Mạ"], ["Khơ-mú", "Khmú"], ["Co", "Cor"],
    ["Ta-ôi", "Tà-ôi", "Pa Cô", "Pa Kô"], ["Chơ-ro", "Châu Ro"], ["Kháng"], ["Xinh-mun"],
    ["Hà Nhì"], ["Chu-ru"],
    ["Lào"], ["La Chí"], ["La Ha"], ["Phù Lá"], ["La Hủ"], ["Lự"], ["Lô Lô"], ["Chứt"], ["Mảng"],
    ["Pà Thẻn"], ["Cơ Lao", "Cờ Lao"], ["Cống"], ["Bố Y"], ["Si La"], ["Pu Péo"], ["Brâu"],
    ["Ơ Đu"], ["Rơ-măm"], ["Người nước ngoài", "Nước ngoài"],
  ]
}
