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
          ImportService(kit: kit).handlers(kit) + roster.handlers(kit)
          + CatalogService(kit: kit).handlers(kit)
        let made =
          MarkSheetService(kit: kit).handlers(kit)
          + ResultService(kit: kit).handlers(kit)
          + TranscriptService(kit: kit).handlers(kit)
        return given + made
      }
    )
  }
}
