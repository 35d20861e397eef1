// What the parts of the client share.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <grpcpp/grpcpp.h>

#include "flags.h"

namespace peer {

// A check of an interoperability case that does not hold.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(bool holds, const std::string& claim) {
  if (!holds) throw Failure(claim);
}

// A connection of its own to the server that the flags name.
std::shared_ptr<grpc::Channel> connect(const Flags& flags);

// Runs a case of grpc/grpc doc/interop-test-descriptions.md; throws where a check does not hold.
void run_case(const std::string& name, const Flags& flags);

// Measures, and prints one line of JSON. Returns whether every call succeeded.
bool bench_unary(const Flags& flags);
bool bench_stream(const Flags& flags);

}  // namespace peer
