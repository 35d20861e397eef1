import Foundation
import Testing

@testable import HocbaCLI

@Suite("Profile")
struct ProfileTests {
  private func path(
    _ environment: [String: String],
    in folder: String,
    existing: Set<String> = []
  ) -> String {
    Profile.path(environment: environment, workingFolder: folder) { existing.contains($0) }
  }

  @Test func `the environment names it first`() {
    let found = path(
      ["HOCBA_PROFILE": "/p.json", "HOME": "/home/a"],
      in: "/x",
      existing: ["/x/.hocba/profile.json"]
    )
    #expect(found == "/p.json")
  }

  @Test func `else the nearest folder above has it`() {
    let existing: Set = ["/a/.hocba/profile.json", "/.hocba/profile.json"]
    #expect(path(["HOME": "/h"], in: "/a/b/c", existing: existing) == "/a/.hocba/profile.json")
    #expect(path(["HOME": "/h"], in: "/z", existing: existing) == "/.hocba/profile.json")
  }

  @Test func `else it is the person's own`() {
    #expect(path(["HOME": "/h"], in: "/a/b") == "/h/.config/hocba/profile.json")
    #expect(path(["HOME": "/h", "HOCBA_PROFILE": ""], in: "/") == "/h/.config/hocba/profile.json")
  }

  @Test func `what one written by hand leaves out is as in a fresh one`() throws {
    let data = Data(#"{"identity": "10.0.0.1:7411"}"#.utf8)
    var expected = Profile()
    expected.identity = "10.0.0.1:7411"
    #expect(try JSONDecoder().decode(Profile.self, from: data) == expected)
  }

  @Test func `is read as it was written, by its owner alone`() throws {
    let folder = NSTemporaryDirectory() + "hocba-profile-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/deep/profile.json"
    #expect(try Profile.read(file) == Profile())
    var profile = Profile()
    profile.login = "ai-do"
    profile.token = "t"
    profile.tokenExpiry = 5
    try profile.write(to: file)
    profile.login = "ai-khac"
    try profile.write(to: file)
    #expect(try Profile.read(file) == profile)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `one that cannot be read is said so`() throws {
    let file = NSTemporaryDirectory() + "hocba-profile-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data("{".utf8).write(to: URL(filePath: file))
    #expect(throws: Failure.self) { try Profile.read(file) }
  }
}

@Suite("In parallel")
struct ParallelTests {
  @Test func `answers come in the order of the questions`() async throws {
    let answers = try await inParallel(Array(0..<50), atOnce: 4) { number in
      if number.isMultiple(of: 7) { try await Task.sleep(for: .milliseconds(5)) }
      return number * 2
    }
    #expect(answers == (0..<50).map { $0 * 2 })
  }
}
