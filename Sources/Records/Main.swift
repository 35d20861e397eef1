import API
import Foundation
import ServiceKit

/// `hocba-records`: school years, rosters, marks, results, transcripts.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("records") { kit, _ in
        let imports = ImportService(kit: kit).handlers(kit.open)
        let roster =
          CatalogService(kit: kit).handlers(kit.open)
          + (try RosterService(kit: kit)).handlers(kit.open)
        let marks =
          MarkSheetService(kit: kit).handlers(kit.open) + ResultService(kit: kit).handlers(kit.open)
          + TranscriptService(kit: kit).handlers(kit.open)
        return imports + roster + marks
      }
    )
  }
}
