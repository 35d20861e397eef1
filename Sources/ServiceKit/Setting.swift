/// A setting of a service that can be listed without knowing its type.
package protocol AnySetting: Sendable {
  /// Name of the environment variable.
  var name: String { get }
  /// What it is for, for `--help`.
  var purpose: String { get }
  /// The default as text; `nil` when the setting is required.
  var defaultText: String? { get }
  /// Checks a text, and says what is wrong with it.
  func problem(with text: String) -> String?
}

/// A value that a setting can have, read from the text of an environment variable.
package protocol SettingValue: Sendable {
  /// Reads the value; `nil` if the text is none.
  init?(settingText: String)
  /// The value as text.
  var settingText: String { get }
}

/// A declared setting: start-up check, `--help` and documentation come from this one place.
package struct Setting<Value: SettingValue>: AnySetting {
  package let name: String
  package let purpose: String
  let defaultValue: Value?
  let isAllowed: @Sendable (Value) -> Bool

  package var defaultText: String? { defaultValue?.settingText }

  /// Declares a setting.
  ///
  /// - Parameters:
  ///   - name: The environment variable, `HOCBA_…`.
  ///   - defaultValue: What holds when it is not set; `nil` makes it required.
  ///   - purpose: One line for people; names the range, if there is one.
  ///   - isAllowed: Whether a value is in range.
  package init(
    _ name: String,
    default defaultValue: Value?,
    _ purpose: String,
    isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) {
    self.name = name
    self.defaultValue = defaultValue
    self.purpose = purpose
    self.isAllowed = isAllowed
  }

  package func problem(with text: String) -> String? {
    guard let value = Value(settingText: text) else { return "\(name): cannot be read" }
    return isAllowed(value) ? nil : "\(name): out of range (\(purpose))"
  }
}

/// The settings of a process, checked as a whole before anything starts.
package struct Settings: Sendable {
  private let texts: [String: String]

  /// Reads and checks the environment; every problem is in one error.
  ///
  /// Unknown `HOCBA_…` keys are refused, since a misspelt limit is a limit that does not hold.
  /// - Parameters:
  ///   - environment: Environment variables.
  ///   - declared: Every setting of this process.
  ///   - foreign: Beginnings of names that belong to other processes of the same machine.
  /// - Throws: All that is wrong, at once.
  package init(
    _ environment: [String: String],
    declared: [any AnySetting],
    foreign: [String] = []
  ) throws(SettingsError) {
    var problems: [String] = []
    let known = Set(declared.map(\.name))
    for key in environment.keys.sorted() where key.hasPrefix("HOCBA_") && !known.contains(key) {
      if !foreign.contains(where: key.hasPrefix) { problems.append("\(key): unknown setting") }
    }
    var texts: [String: String] = [:]
    for setting in declared {
      if let text = environment[setting.name] {
        if let problem = setting.problem(with: text) { problems.append(problem) }
        texts[setting.name] = text
      } else if setting.defaultText == nil {
        problems.append("\(setting.name): required (\(setting.purpose))")
      }
    }
    guard problems.isEmpty else { throw SettingsError(problems: problems) }
    self.texts = texts
  }

  /// The value of a declared setting.
  ///
  /// A setting that was not declared to `init` has no default to fall back to; that is our bug and
  /// stops the process at start-up.
  package subscript<Value: SettingValue>(_ setting: Setting<Value>) -> Value {
    let set = texts[setting.name].flatMap(Value.init(settingText:))
    guard let value = set ?? setting.defaultValue else {
      preconditionFailure("setting \(setting.name) was not declared")
    }
    return value
  }
}

/// Everything that is wrong with the environment.
package struct SettingsError: Error, CustomStringConvertible {
  /// One line a problem.
  package let problems: [String]
  package var description: String { problems.joined(separator: "\n") }
}

extension String: SettingValue {
  package init?(settingText: String) { self = settingText }
  package var settingText: String { self }
}

extension Int: SettingValue {
  package init?(settingText: String) { self.init(settingText) }
  package var settingText: String { String(self) }
}

extension Duration: SettingValue {
  /// Whole seconds, minutes or hours: `90s`, `15m`, `24h`.
  package init?(settingText: String) {
    guard let unit = settingText.last, let count = Int(settingText.dropLast()), count >= 0,
      let scale = ["s": 1, "m": 60, "h": 3600][unit]
    else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    self = .seconds(seconds)
  }
  package var settingText: String { "\(components.seconds)s" }
}
