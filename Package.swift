// swift-tools-version: 6.2
import PackageDescription

/// What every target of this package is compiled with: the strictest that the toolchain offers.
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

/// A C library of the system, found by pkg-config.
func library(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program: the target is a module of its own name, the product is called `hocba…`.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ name: String,
  _ dependencies: [Target.Dependency],
  exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A program for tests, below `Tests`.
func testProgram(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies,
    path: "Tests/\(name)",
    swiftSettings: strict
  )
}

/// What tests stand on, below `Tests`.
func testModule(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: "Tests/\(name)",
    swiftSettings: strict
  )
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]
let tls: [Target.Dependency] = [
  .product(name: "NIOTLS", package: "swift-nio"),
  .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let arguments = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
/// What every service is made of.
let service: [Target.Dependency] = ["ServiceKit", "API", "GRPC", "Postgres", "Protobuf", "Crypto"]

let package = Package(
  name: "hocba",
  products: [
    .executable(name: "hocba-identity", targets: ["Identity"]),
    .executable(name: "hocba-records", targets: ["Records"]),
    .executable(name: "hocba-signing", targets: ["Signing"]),
    .executable(name: "hocba-reporting", targets: ["Reporting"]),
    .executable(name: "hocba", targets: ["HocbaCLI"]),
    .executable(name: "hocba-bench", targets: ["ProductBenchmarks"]),
    .executable(name: "grpc-test-server", targets: ["grpc-test-server"]),
    .executable(name: "grpc-test-client", targets: ["grpc-test-client"]),
    .executable(name: "grpc-load", targets: ["grpc-load"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    // Floor 0: C.
    library("CNghttp2", "libnghttp2", "libnghttp2-dev"),
    .systemLibrary(name: "CMalloc"),
    library("CZlib", "zlib", "zlib1g-dev"),
    library("CLibpq", "libpq", "libpq-dev"),
    library("CProtobufC", "libprotobuf-c", "libprotobuf-c-dev"),
    library("COpenSSL", "libcrypto", "libssl-dev"),
    library("CLibXML2", "libxml-2.0", "libxml2-dev"),
    library("CArgon2", "libargon2", "libargon2-dev"),
    library("CLibzip", "libzip", "libzip-dev"),
    .target(name: "CAPI", dependencies: ["CProtobufC"]),
    .target(name: "CPlugin", dependencies: ["CProtobufC"]),

    // Pure: the law.
    module("Roster"),
    module("Assessment", ["Roster"]),
    module("Transcript", ["Assessment", "Roster"]),

    // Machinery.
    module("Protobuf", ["CProtobufC"]),
    module("GRPC", ["CMalloc", "CNghttp2", "CZlib", logging] + nio + tls),
    module("Postgres", ["CLibpq", logging]),
    module("Crypto", ["COpenSSL", "CLibXML2", "CArgon2"]),
    module("Workbook", ["CLibzip", "CLibXML2", "Roster"]),
    module("Intake", ["Assessment", "Roster", "Workbook"]),
    module("XAdES", ["Crypto"]),
    module("API", ["CAPI", "GRPC", "Protobuf"]),
    .target(
      name: "Schema",
      dependencies: ["Postgres"],
      resources: [.embedInCode("SQL")],
      swiftSettings: strict
    ),
    module("StandardServices", ["API", "GRPC", "Protobuf"]),
    module(
      "ServiceKit",
      ["API", "Crypto", "GRPC", "Postgres", "Protobuf", "Schema", "StandardServices", logging] + nio
    ),

    // Programs.
    program("protoc-gen-hocba", ["CPlugin", "CProtobufC", "Protobuf"]),
    program("Identity", service + ["Roster", logging]),
    program(
      "Records",
      service + ["Assessment", "Intake", "Roster", "Transcript", "Workbook"] + nio
    ),
    program("Signing", service + ["XAdES"] + nio),
    program("Reporting", service + ["Assessment", "Roster"]),
    program("HocbaCLI", service + ["Roster", "Schema", "XAdES", arguments, logging] + nio),

    // Tests.
    .target(
      name: "CTestProto",
      dependencies: ["CAPI", "CProtobufC"],
      path: "Tests/CTestProto"
    ),
    .target(name: "CInterop", dependencies: ["CProtobufC"], path: "Tests/CInterop"),
    testModule("TestTools", []),
    testModule("Interop", ["API", "CInterop", "GRPC", "Protobuf", "StandardServices", logging]),
    testProgram(
      "grpc-test-server",
      ["GRPC", "Interop", "StandardServices", arguments, logging] + nio
    ),
    testProgram("grpc-test-client", ["GRPC", "Interop", arguments] + nio),
    testProgram("grpc-load", ["GRPC", "Interop", arguments] + nio),
    testModule("TestPKI", ["Crypto", "TestTools"]),
    testModule("TestSupport", ["Schema", "TestTools", logging] + service + nio),
    testModule("SystemSupport", ["API", "GRPC", "TestTools"] + nio),
    tests("TidyTests", ["TestTools"]),
    tests("RosterTests", ["Roster"]),
    tests("AssessmentTests", ["Assessment", "Roster"]),
    tests("TranscriptTests", ["Transcript", "Assessment", "Roster", "TestTools"]),
    tests(
      "ProtobufTests",
      ["API", "CTestProto", "GRPC", "Protobuf", "TestTools", "protoc-gen-hocba"],
      exclude: ["proto", "interop.py"]
    ),
    tests(
      "GRPCTests",
      ["GRPC", "TestTools", logging] + nio,
      exclude: ["Frames", "aging_client.py", "python_client.py", "python_server.py"]
    ),
    tests("FuzzTests", ["GRPC", "TestTools", logging] + nio),
    tests(
      "StandardServicesTests",
      ["StandardServices", "API", "GRPC", "Protobuf", "TestTools", logging] + nio,
      exclude: ["reflection.py"]
    ),
    tests(
      "InteropTests",
      [
        "API", "GRPC", "Interop", "SystemSupport", "TestPKI", "TestTools", "grpc-test-client",
        "grpc-test-server", logging,
      ] + nio,
      exclude: ["README.md", "python"]
    ),
    tests("PostgresTests", ["Postgres", logging]),
    tests("CryptoTests", ["Crypto", "TestPKI", "TestTools"]),
    tests("XAdESTests", ["XAdES", "Crypto", "TestPKI", "TestTools"]),
    tests(
      "RecordsTests",
      [
        "Records", "Assessment", "Intake", "Roster", "TestSupport", "TestTools", "Transcript",
        "Workbook", logging,
      ]
        + service
    ),
    tests("ReportingTests", ["Reporting", "Roster", "TestSupport"] + service),
    tests("HocbaCLITests", ["HocbaCLI", "TestPKI", "TestTools", "XAdES", arguments] + service),
    tests("ServiceKitTests", ["TestSupport", "TestTools", logging] + service),
    tests("IdentityTests", ["Identity", "TestPKI", "TestSupport"] + service),
    tests("SigningTests", ["Signing", "TestPKI", "TestSupport", "TestTools"] + service),
    tests("WorkbookTests", ["Workbook", "Roster", "TestTools"]),
    tests("IntakeTests", ["Assessment", "Intake", "Roster", "TestTools", "Workbook"]),
    tests("SystemTests", ["SystemSupport", "TestTools", "API", "GRPC"], exclude: ["Python"]),
    // Of this package and not one of its own, since all that it measures is `package` access.
    .executableTarget(
      name: "ProductBenchmarks",
      dependencies: [
        "SystemSupport", "TestTools", "API", "Crypto", "GRPC", "Postgres", "XAdES", logging,
      ] + nio,
      path: "Tests/ProductBenchmarks",
      swiftSettings: strict
    ),
  ]
)
