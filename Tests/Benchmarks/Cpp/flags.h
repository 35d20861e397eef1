// Command line flags, and what tells whether a message travelled compressed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <grpc/grpc.h>

// Exported by libgrpc for the interoperability tests, declared in none of its public headers.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace peer {

// Whether the message that a call received last came compressed. libgrpc has by then inflated it;
// these are its GRPC_WRITE_INTERNAL_COMPRESS and GRPC_WRITE_INTERNAL_TEST_ONLY_WAS_COMPRESSED.
inline bool received_compressed(grpc_call* call) {
  return (grpc_call_test_only_get_message_flags(call) & 0xC0000000u) != 0;
}

// `--name=value`, `--name value…`, `--name`, in any order.
class Flags {
 public:
  Flags(int count, char** arguments) {
    std::string name;
    for (int index = 1; index < count; ++index) {
      std::string word = arguments[index];
      if (word.rfind("--", 0) != 0) {
        values_[name].push_back(word);
        continue;
      }
      auto equals = word.find('=');
      name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
      values_[name];
      if (equals != std::string::npos) values_[name].push_back(word.substr(equals + 1));
    }
  }

  bool has(const std::string& name) const { return values_.count(name) != 0; }

  // The value at an index; the fallback where the flag is absent or has fewer.
  std::string text(const std::string& name, const std::string& fallback, size_t index = 0) const {
    auto found = values_.find(name);
    return found == values_.end() || found->second.size() <= index ? fallback
                                                                   : found->second[index];
  }

  int64_t number(const std::string& name, int64_t fallback) const {
    return std::stoll(text(name, std::to_string(fallback)));
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace peer
