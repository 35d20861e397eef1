import API
import Testing

@testable import Records

@Suite("ImportComparison")
struct ImportComparisonTests {
  private func row(_ key: String, _ values: String...) -> TextRow {
    TextRow(key: key, owner: key, headings: ["Tên", "Lớp"], values: values)
  }

  @Test func `a row is new, changed or the same`() {
    let comparison = ImportComparison(
      [row("a", "An", "6A1"), row("b", "Bình", "6A2"), row("c", "Chi", "6A1")],
      with: [row("a", "An", "6A1"), row("b", "Bình", "6A1"), row("x", "Xuân", "6A1")]
    )
    #expect(comparison.created.map(\.key) == ["c"])
    #expect(comparison.updated.map(\.after.key) == ["b"])
    #expect(comparison.unchangedCount == 1)
    #expect(comparison.written.map(\.key) == ["c", "b"])
    #expect(
      comparison.tally.changes == [
        .init(subject: "b", field: "Lớp", oldValue: "6A1", newValue: "6A2")
      ]
    )
  }

  @Test func `what only the store has is left alone`() {
    let comparison = ImportComparison([], with: [row("a", "An", "6A1")])
    #expect(comparison.written.isEmpty && comparison.tally.isUnchanged)
  }

  @Test func `a new row without any value is nothing`() {
    #expect(ImportComparison([row("a", "", "")], with: []).created.isEmpty)
  }

  @Test func `a stored row that becomes blank is a change`() {
    let comparison = ImportComparison([row("a", "", "")], with: [row("a", "An", "")])
    #expect(comparison.tally.changes.map(\.newValue) == [""])
  }

  @Test func `an audit entry has the state before only where there was one`() {
    let comparison = ImportComparison(
      [row("a", "An", "6A1"), row("b", "Bình", "6A2")],
      with: [row("b", "Bình", "6A1")]
    )
    #expect(comparison.steps.map(\.before.isEmpty) == [true, false])
    #expect(comparison.steps.allSatisfy { $0.before != $0.after })
  }
}
