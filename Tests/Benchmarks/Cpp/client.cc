// grpc-cpp-peer-client --test_case=NAME --server_host=HOST --server_port=PORT [--use_tls=true
//   --ca_file=FILE --server_host_override=NAME]: exit code 0 if every check of the case holds.
// … --bench --calls N --in-flight M [--connections C]: unary echo of 100 bytes.
// … --bench-stream --calls N [--in-flight M] [--connections C]: N messages of 64 KiB, M streams.

#include "client.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace peer {

std::shared_ptr<grpc::Channel> connect(const Flags& flags) {
  grpc::ChannelArguments arguments;
  // Channels to one address would share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  std::string address =
      flags.text("server_host", "127.0.0.1") + ":" + flags.text("server_port", "");
  if (flags.text("use_tls", "false") != "true") {
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  grpc::SslCredentialsOptions options;
  if (flags.has("ca_file")) {
    std::ifstream file(flags.text("ca_file", ""), std::ios::binary);
    options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (flags.has("server_host_override")) {
    arguments.SetSslTargetNameOverride(flags.text("server_host_override", ""));
  }
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

}  // namespace peer

int main(int count, char** arguments) {
  peer::Flags flags(count, arguments);
  if (flags.has("bench")) return peer::bench_unary(flags) ? 0 : 1;
  if (flags.has("bench-stream")) return peer::bench_stream(flags) ? 0 : 1;
  std::string name = flags.text("test_case", "");
  try {
    peer::run_case(name, flags);
  } catch (const peer::Failure& failure) {
    std::cerr << name << ": " << failure.what() << std::endl;
    return 1;
  }
  std::cout << name << ": ok" << std::endl;
}
