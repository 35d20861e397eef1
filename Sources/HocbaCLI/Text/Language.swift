import ArgumentParser
import Foundation

/// The language in which the command line speaks to people; `--json` has none.
enum Language: String, CaseIterable, ExpressibleByArgument, Sendable {
  case vietnamese = "vi"
  case english = "en"

  /// The language of this process, which help and messages share.
  static let current = choice(
    arguments: CommandLine.arguments,
    environment: ProcessInfo.processInfo.environment
  )

  /// What is asked for: `--language` before the environment, and Vietnamese unless the environment
  /// says English, since those who use this are clerks in Vietnam.
  static func choice(arguments: [String], environment: [String: String]) -> Language {
    for (index, argument) in arguments.enumerated() {
      if argument == "--language", index + 1 < arguments.count {
        return Language(rawValue: arguments[index + 1]) ?? .vietnamese
      }
      if argument.hasPrefix("--language=") {
        return Language(rawValue: String(argument.dropFirst(11))) ?? .vietnamese
      }
    }
    // POSIX: the first of these that is set and not empty counts.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    return locale?.hasPrefix("en") == true ? .english : .vietnamese
  }
}

/// One of two texts, by the language of this process.
func words(_ vietnamese: String, _ english: String) -> String {
  Language.current == .vietnamese ? vietnamese : english
}
