import API
import Foundation
import ServiceKit

/// `hocba-reporting`: what the office counts.
@main
enum Main {
  static func main() async {
    exit(
      await Service.run("reporting") { kit, _ in ReportService(kit: kit).handlers(kit) }
    )
  }
}
