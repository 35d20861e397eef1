// swift-tools-version: 6.2
import PackageDescription

/// What every hand-written target of this package is compiled with, as in the package above.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let core = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let transport = Target.Dependency.product(
  name: "GRPCNIOTransportHTTP2Posix",
  package: "grpc-swift-nio-transport"
)
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHPACK", package: "swift-nio-http2"),
  .product(name: "NIOHTTP2", package: "swift-nio-http2"),
]
/// What a program is made of.
let program: [Target.Dependency] = ["PeerMessages", "PeerSupport", core, transport] + nio

// A package of its own, so that nobody who builds the products builds other gRPC implementations.
let package = Package(
  name: "hocba-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
  ],
  targets: [
    .target(
      name: "PeerMessages",
      dependencies: [
        core,
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    .target(name: "PeerSupport", dependencies: nio, swiftSettings: strict),
    .executableTarget(
      name: "grpc-swift-peer-server",
      dependencies: program,
      swiftSettings: strict
    ),
    .executableTarget(
      name: "grpc-swift-peer-client",
      dependencies: program,
      swiftSettings: strict
    ),
  ]
)
