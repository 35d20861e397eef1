import PeerSupport

import struct Foundation.Data
import class Foundation.FileHandle
import func Foundation.exit

/// `grpc-swift-peer-client`: grpc-swift-2 as a client, for tests and for benchmarks.
///
/// - `--test_case=NAME --server_host=HOST --server_port=PORT [--use_tls=true --ca_file=FILE
///   --server_host_override=NAME]`: exit code 0 if every check of the case holds.
/// - `… --bench --calls N --in-flight M [--connections C]`: unary echo of 100 bytes.
/// - `… --bench-stream --calls N [--in-flight M] [--connections C]`: N messages of 64 KiB by M
///   streams.
@main
enum Main {
  static func main() async {
    let flags = Flags(CommandLine.arguments.dropFirst())
    do {
      if flags.has("bench") {
        print(try await EchoBenchmark(flags).unary())
      } else if flags.has("bench-stream") {
        print(try await EchoBenchmark(flags).stream())
      } else {
        let name = flags.text("test_case", "")
        try await Cases.run(name, flags)
        print("\(name): ok")
      }
    } catch {
      FileHandle.standardError.write(Data("\(flags.text("test_case", "bench")): \(error)\n".utf8))
      exit(1)
    }
  }
}
