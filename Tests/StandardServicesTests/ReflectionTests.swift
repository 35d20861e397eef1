import API
import Foundation
import GRPC
import Protobuf
import StandardServices
import TestTools
import Testing

@Suite struct ReflectionTests {
  @Test func `grpcio finds every service, file and type`() async throws {
    let board = HealthBoard(services: [])
    board.set(.serving)
    var handlers = HealthService<String>(board).handlers(Named())
    handlers += OperationsService<String>(Operations()) { $0 }.handlers(Named())
    handlers += ReflectionService<String>(handlers: handlers, files: ProtoFiles.all)
      .bothVersions(Named())
    try await withServer(handlers) { _, port in
      let script = Repository.root.appending(path: "Tests/StandardServicesTests/reflection.py")
      let protos = Repository.root.appending(path: "proto")
      let (status, output) = try Shell.run(
        [try Shell.python, script.path, "\(port)", protos.path]
      )
      #expect(status == 0, "\(output)")
    }
  }

  @Test func `every file that the API is made of has all that it imports`() {
    let names = Set(ProtoFiles.all.map(\.name))
    #expect(names.contains("hocba/records/v1/roster_service.proto"))
    for file in ProtoFiles.all {
      #expect(names.isSuperset(of: file.dependencies))
      #expect(!file.descriptor.isEmpty)
    }
  }
}
