// The interoperability cases, by gRPC C++'s synchronous API; the concurrent one by callbacks.

#include "client.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <vector>

#include "grpc/testing/test.grpc.pb.h"

namespace {

using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;
using grpc::WriteOptions;
using grpc::testing::Empty;
using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;
using grpc::testing::TestService;
using peer::check;
using peer::Flags;

constexpr int large_request = 271828;
constexpr int large_response = 314159;
const std::vector<int> request_sizes = {27182, 8, 1828, 45904};
const std::vector<int> response_sizes = {31415, 9, 2653, 58979};

std::unique_ptr<TestService::Stub> stub(const Flags& flags) {
  return TestService::NewStub(peer::connect(flags));
}

void check_ok(const Status& status) {
  check(
      status.ok(), "status " + std::to_string(status.error_code()) + " " + status.error_message());
}

void check_code(const Status& status, StatusCode code) {
  check(
      status.error_code() == code, "status " + std::to_string(status.error_code()) + " " +
                                       status.error_message() + " and not " + std::to_string(code));
}

template <typename Response>
void check_zeros(const Response& response, int size) {
  const std::string& body = response.payload().body();
  check(
      body.size() == static_cast<size_t>(size),
      std::to_string(body.size()) + " bytes of payload and not " + std::to_string(size));
  check(body.find_first_not_of('\0') == std::string::npos, "a payload that is not zeros");
}

SimpleRequest large() {
  SimpleRequest request;
  request.set_response_size(large_response);
  request.mutable_payload()->set_body(std::string(large_request, '\0'));
  return request;
}

StreamingOutputCallRequest output(int response_size, int request_size) {
  StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(response_size);
  request.mutable_payload()->set_body(std::string(request_size, '\0'));
  return request;
}

StreamingInputCallRequest input(int size) {
  StreamingInputCallRequest request;
  request.mutable_payload()->set_body(std::string(size, '\0'));
  return request;
}

void empty_unary(const Flags& flags) {
  ClientContext context;
  Empty response;
  check_ok(stub(flags)->EmptyCall(&context, Empty(), &response));
  check(response.ByteSizeLong() == 0, "a response that is not empty");
}

void large_unary_with(TestService::Stub& stub) {
  ClientContext context;
  SimpleResponse response;
  check_ok(stub.UnaryCall(&context, large(), &response));
  check_zeros(response, large_response);
}

void large_unary(const Flags& flags) { large_unary_with(*stub(flags)); }

void client_compressed_unary(const Flags& flags) {
  auto service = stub(flags);
  auto call = [&](bool claim, bool compress) {
    ClientContext context;
    if (compress) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    SimpleRequest request = large();
    request.mutable_expect_compressed()->set_value(claim);
    SimpleResponse response;
    Status status = service->UnaryCall(&context, request, &response);
    if (status.ok()) check_zeros(response, large_response);
    return status;
  };
  check_code(call(true, false), StatusCode::INVALID_ARGUMENT);
  check_ok(call(true, true));
  check_ok(call(false, false));
}

void server_compressed_unary(const Flags& flags) {
  auto service = stub(flags);
  for (bool compressed : {true, false}) {
    ClientContext context;
    SimpleRequest request = large();
    request.mutable_response_compressed()->set_value(compressed);
    SimpleResponse response;
    check_ok(service->UnaryCall(&context, request, &response));
    check_zeros(response, large_response);
    check(
        peer::received_compressed(context.c_call()) == compressed,
        compressed ? "a response that is not compressed" : "a response that is compressed");
  }
}

void client_streaming(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  StreamingInputCallResponse response;
  auto call = service->StreamingInputCall(&context, &response);
  for (int size : request_sizes) check(call->Write(input(size)), "a stream that takes no message");
  check(call->WritesDone(), "a stream that does not half-close");
  check_ok(call->Finish());
  check(response.aggregated_payload_size() == 74922, "a wrong sum");
}

void client_compressed_streaming(const Flags& flags) {
  auto service = stub(flags);
  auto message = [](int size, bool claim) {
    StreamingInputCallRequest request = input(size);
    request.mutable_expect_compressed()->set_value(claim);
    return request;
  };
  {
    ClientContext context;
    StreamingInputCallResponse response;
    auto call = service->StreamingInputCall(&context, &response);
    call->Write(message(27182, true));
    call->WritesDone();
    check_code(call->Finish(), StatusCode::INVALID_ARGUMENT);
  }
  ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  StreamingInputCallResponse response;
  auto call = service->StreamingInputCall(&context, &response);
  check(call->Write(message(27182, true)), "a stream that takes no message");
  check(
      call->Write(message(45904, false), WriteOptions().set_no_compression()),
      "a stream that takes no message");
  check(call->WritesDone(), "a stream that does not half-close");
  check_ok(call->Finish());
  check(response.aggregated_payload_size() == 73086, "a wrong sum");
}

void server_streaming(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  StreamingOutputCallRequest request;
  for (int size : response_sizes) request.add_response_parameters()->set_size(size);
  auto call = service->StreamingOutputCall(&context, request);
  StreamingOutputCallResponse response;
  size_t count = 0;
  for (; call->Read(&response); ++count) {
    check(count < response_sizes.size(), "too many responses");
    check_zeros(response, response_sizes[count]);
  }
  check(count == response_sizes.size(), "too few responses");
  check_ok(call->Finish());
}

void server_compressed_streaming(const Flags& flags) {
  auto service = stub(flags);
  const std::vector<std::pair<int, bool>> asked = {{31415, true}, {92653, false}};
  ClientContext context;
  StreamingOutputCallRequest request;
  for (auto [size, compressed] : asked) {
    auto* parameters = request.add_response_parameters();
    parameters->set_size(size);
    parameters->mutable_compressed()->set_value(compressed);
  }
  auto call = service->StreamingOutputCall(&context, request);
  StreamingOutputCallResponse response;
  size_t count = 0;
  for (; call->Read(&response); ++count) {
    check(count < asked.size(), "too many responses");
    check_zeros(response, asked[count].first);
    check(
        peer::received_compressed(context.c_call()) == asked[count].second,
        "response " + std::to_string(count) + " is not compressed as asked for");
  }
  check(count == asked.size(), "too few responses");
  check_ok(call->Finish());
}

void ping_pong(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  auto call = service->FullDuplexCall(&context);
  StreamingOutputCallResponse response;
  for (size_t index = 0; index < response_sizes.size(); ++index) {
    check(
        call->Write(output(response_sizes[index], request_sizes[index])),
        "a stream that takes no message");
    check(call->Read(&response), "no response");
    check_zeros(response, response_sizes[index]);
  }
  call->WritesDone();
  check(!call->Read(&response), "too many responses");
  check_ok(call->Finish());
}

void empty_stream(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  auto call = service->FullDuplexCall(&context);
  call->WritesDone();
  StreamingOutputCallResponse response;
  check(!call->Read(&response), "a response to nothing");
  check_ok(call->Finish());
}

const std::string initial_key = "x-grpc-test-echo-initial";
const std::string initial_value = "test_initial_metadata_value";
const std::string trailing_key = "x-grpc-test-echo-trailing-bin";
const std::string trailing_value = "\xab\xab\xab";

void check_metadata(const ClientContext& context) {
  auto is = [](const auto& metadata, const std::string& key, const std::string& value) {
    auto found = metadata.find(key);
    return metadata.count(key) == 1 &&
           std::string(found->second.data(), found->second.length()) == value;
  };
  check(
      is(context.GetServerInitialMetadata(), initial_key, initial_value),
      "the initial metadata does not come back");
  check(
      is(context.GetServerTrailingMetadata(), trailing_key, trailing_value),
      "the trailing metadata does not come back");
}

void custom_metadata(const Flags& flags) {
  auto service = stub(flags);
  {
    ClientContext context;
    context.AddMetadata(initial_key, initial_value);
    context.AddMetadata(trailing_key, trailing_value);
    SimpleResponse response;
    check_ok(service->UnaryCall(&context, large(), &response));
    check_zeros(response, large_response);
    check_metadata(context);
  }
  ClientContext context;
  context.AddMetadata(initial_key, initial_value);
  context.AddMetadata(trailing_key, trailing_value);
  auto call = service->FullDuplexCall(&context);
  check(call->Write(output(large_response, large_request)), "a stream that takes no message");
  call->WritesDone();
  StreamingOutputCallResponse response;
  check(call->Read(&response), "no response");
  check_zeros(response, large_response);
  check(!call->Read(&response), "too many responses");
  check_ok(call->Finish());
  check_metadata(context);
}

void check_status(const Status& status, const std::string& message) {
  check_code(status, StatusCode::UNKNOWN);
  check(status.error_message() == message, "the message is \"" + status.error_message() + "\"");
}

void unary_status(TestService::Stub& service, const std::string& message) {
  ClientContext context;
  SimpleRequest request;
  request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
  request.mutable_response_status()->set_message(message);
  SimpleResponse response;
  check_status(service.UnaryCall(&context, request, &response), message);
}

void status_code_and_message(const Flags& flags) {
  const std::string message = "test status message";
  auto service = stub(flags);
  unary_status(*service, message);
  ClientContext context;
  auto call = service->FullDuplexCall(&context);
  StreamingOutputCallRequest request;
  request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
  request.mutable_response_status()->set_message(message);
  check(call->Write(request), "a stream that takes no message");
  call->WritesDone();
  StreamingOutputCallResponse response;
  check(!call->Read(&response), "a response beside the status");
  check_status(call->Finish(), message);
}

void special_status_message(const Flags& flags) {
  unary_status(
      *stub(flags),
      "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n");
}

void unimplemented_method(const Flags& flags) {
  ClientContext context;
  Empty response;
  check_code(
      stub(flags)->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
}

void unimplemented_service(const Flags& flags) {
  auto service = grpc::testing::UnimplementedService::NewStub(peer::connect(flags));
  ClientContext context;
  Empty response;
  check_code(
      service->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
}

void cancel_after_begin(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  StreamingInputCallResponse response;
  auto call = service->StreamingInputCall(&context, &response);
  context.TryCancel();
  check_code(call->Finish(), StatusCode::CANCELLED);
}

void cancel_after_first_response(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  auto call = service->FullDuplexCall(&context);
  check(call->Write(output(31415, 27182)), "a stream that takes no message");
  StreamingOutputCallResponse response;
  check(call->Read(&response), "no response");
  check_zeros(response, 31415);
  context.TryCancel();
  check_code(call->Finish(), StatusCode::CANCELLED);
}

void timeout_on_sleeping_server(const Flags& flags) {
  auto service = stub(flags);
  ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
  auto call = service->FullDuplexCall(&context);
  StreamingOutputCallRequest request;
  request.mutable_payload()->set_body(std::string(27182, '\0'));
  call->Write(request);
  check_code(call->Finish(), StatusCode::DEADLINE_EXCEEDED);
}

void concurrent_large_unary(const Flags& flags) {
  constexpr int count = 1000;
  struct Call {
    ClientContext context;
    SimpleResponse response;
    Status status;
  };
  auto service = stub(flags);
  const SimpleRequest request = large();
  std::vector<Call> calls(count);
  std::mutex mutex;
  std::condition_variable changed;
  int left = count;
  for (Call& call : calls) {
    service->async()->UnaryCall(&call.context, &request, &call.response, [&](Status status) {
      std::lock_guard<std::mutex> lock(mutex);
      call.status = status;
      if (--left == 0) changed.notify_one();
    });
  }
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return left == 0; });
  for (const Call& call : calls) {
    check_ok(call.status);
    check_zeros(call.response, large_response);
  }
}

// Large calls one after the other, on the stub that is made for each.
void soak(
    const Flags& flags, const std::function<std::shared_ptr<TestService::Stub>()>& next_stub) {
  using clock = std::chrono::steady_clock;
  const int64_t iterations = flags.number("soak_iterations", 10);
  const std::chrono::milliseconds acceptable(
      flags.number("soak_per_iteration_max_acceptable_latency_ms", 1000));
  const auto end = clock::now() + std::chrono::seconds(flags.number(
                                      "soak_overall_timeout_seconds", iterations));
  int64_t failures = 0;
  for (int64_t done = 0; done < iterations; ++done) {
    const auto start = clock::now();
    check(start < end, "only " + std::to_string(done) + " calls in the time");
    try {
      large_unary_with(*next_stub());
      if (clock::now() - start > acceptable) ++failures;
    } catch (const peer::Failure& failure) {
      std::cerr << "call " << done << ": " << failure.what() << std::endl;
      ++failures;
    }
  }
  check(
      failures <= flags.number("soak_max_failures", 0), std::to_string(failures) + " failures");
}

void rpc_soak(const Flags& flags) {
  std::shared_ptr<TestService::Stub> service = stub(flags);
  soak(flags, [&] { return service; });
}

void channel_soak(const Flags& flags) {
  soak(flags, [&] { return stub(flags); });
}

const std::map<std::string, std::function<void(const Flags&)>> cases = {
    {"empty_unary", empty_unary},
    {"large_unary", large_unary},
    {"client_compressed_unary", client_compressed_unary},
    {"server_compressed_unary", server_compressed_unary},
    {"client_streaming", client_streaming},
    {"client_compressed_streaming", client_compressed_streaming},
    {"server_streaming", server_streaming},
    {"server_compressed_streaming", server_compressed_streaming},
    {"ping_pong", ping_pong},
    {"empty_stream", empty_stream},
    {"custom_metadata", custom_metadata},
    {"status_code_and_message", status_code_and_message},
    {"special_status_message", special_status_message},
    {"unimplemented_method", unimplemented_method},
    {"unimplemented_service", unimplemented_service},
    {"cancel_after_begin", cancel_after_begin},
    {"cancel_after_first_response", cancel_after_first_response},
    {"timeout_on_sleeping_server", timeout_on_sleeping_server},
    {"concurrent_large_unary", concurrent_large_unary},
    {"rpc_soak", rpc_soak},
    {"channel_soak", channel_soak},
};

}  // namespace

void peer::run_case(const std::string& name, const Flags& flags) {
  auto found = cases.find(name);
  check(found != cases.end(), "no such case");
  found->second(flags);
}
