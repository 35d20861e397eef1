import Foundation
import GRPC
import TestTools
import Testing

@testable import ServiceKit

@Suite struct MethodRulesTests {
  /// Every rpc of the contract as `/package.Service/Method`, read from the proto files themselves.
  private static func contract() throws -> Set<String> {
    let root = Repository.root.appending(path: "proto/hocba")
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var paths: Set<String> = []
    for case let file as URL in try #require(files) where file.pathExtension == "proto" {
      var (package, service) = ("", "")
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split { " ;({".contains($0) }.map(String.init)
        switch words.first {
        case "package": package = words[1]
        case "service": service = words[1]
        case "rpc": paths.insert("/\(package).\(service)/\(words[1])")
        default: break
        }
      }
    }
    return paths
  }

  @Test func `every rpc of the contract has a rule, and there is none besides`() throws {
    let rules = Authorization.rules.keys.map(\.path)
    let standard = rules.filter { $0.hasPrefix("/grpc.") || $0.hasPrefix("/google.") }
    #expect(Set(rules).subtracting(standard) == (try Self.contract()))
    #expect(
      Set(standard.compactMap { $0.split(separator: "/").last }) == [
        "Check", "List", "Watch", "ServerReflectionInfo", "ListOperations", "GetOperation",
        "DeleteOperation", "CancelOperation", "WaitOperation",
      ]
    )
  }

  @Test func `only signing in, health, reflection and public verification are open`() {
    let open = Authorization.rules.filter { $0.value == .open }.map(\.key.method)
    #expect(Set(open) == ["Check", "List", "Watch", "ServerReflectionInfo", "SignIn", "Verify"])
  }

  @Test func `a method that nobody entered has no rule`() {
    let method = MethodDescriptor(service: "hocba.identity.v1.PersonService", method: "DropAll")
    #expect(Authorization.rule(of: method) == nil)
  }
}
