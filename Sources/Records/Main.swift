import API
import Foundation
import ServiceKit

/// `hocba-records`: school years, rosters, marks, results, transcripts.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("records") { kit, _ in
        let roster = try RosterService(kit: kit, pages: PageTokens())
        let given =
          ImportService(kit: kit).handlers(kit.open) + roster.handlers(kit.open)
          + CatalogService(kit: kit).handlers(kit.open)
        let made =
          MarkSheetService(kit: kit).handlers(kit.open)
          + ResultService(kit: kit).handlers(kit.open)
          + TranscriptService(kit: kit).handlers(kit.open)
        return given + made
      }
    )
  }
}
