// grpc-cpp-peer-server --host HOST --port PORT [--tls CERT KEY] [--threads N]: gRPC C++ with its
// callback API, as the interoperability tests and the benchmarks want it.
//
// N bounds what a resource quota can bound. The two threads or more that poll for callbacks are
// not among that: who wants one core binds the process to one.

#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include "echo/v1/echo.grpc.pb.h"
#include "flags.h"
#include "grpc/testing/test.grpc.pb.h"

namespace {

using grpc::CallbackServerContext;
using grpc::Status;
using grpc::StatusCode;
using grpc::testing::EchoStatus;
using grpc::testing::ResponseParameters;
using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;

Status status(const EchoStatus& asked) {
  return Status(static_cast<StatusCode>(asked.code()), asked.message());
}

const Status not_compressed(StatusCode::INVALID_ARGUMENT, "the message is not compressed as said");

// Gives back the metadata that clients check.
void echo_metadata(CallbackServerContext* context) {
  const auto& metadata = context->client_metadata();
  auto initial = metadata.find("x-grpc-test-echo-initial");
  if (initial != metadata.end()) {
    context->AddInitialMetadata(
        "x-grpc-test-echo-initial", std::string(initial->second.data(), initial->second.length()));
  }
  auto trailing = metadata.find("x-grpc-test-echo-trailing-bin");
  if (trailing != metadata.end()) {
    context->AddTrailingMetadata(
        "x-grpc-test-echo-trailing-bin",
        std::string(trailing->second.data(), trailing->second.length()));
  }
}

// Whether a message came as its sender says; anything is right where he says nothing.
template <typename Request>
bool came_as_said(CallbackServerContext* context, const Request& request) {
  return !request.has_expect_compressed() ||
         request.expect_compressed().value() == peer::received_compressed(context->c_call());
}

// Sends the responses that a client asked for, one after the other.
//
// `Reactor` is the base class of a call that writes; what to do when all are written is the
// subclass's.
template <typename Reactor>
class Responder : public Reactor {
 public:
  explicit Responder(CallbackServerContext* context) : context_(context) {}

  void OnWriteDone(bool ok) override {
    if (ok) {
      next();
    } else {
      this->Finish(Status(StatusCode::CANCELLED, "the client reads no more"));
    }
  }

  void OnDone() override { delete this; }

 protected:
  void ask(const StreamingOutputCallRequest& request) {
    for (const auto& parameters : request.response_parameters()) {
      // Must be said before the first response; LOW is gzip wherever the client takes it.
      if (parameters.compressed().value()) context_->set_compression_level(GRPC_COMPRESS_LEVEL_LOW);
      asked_.push_back(parameters);
    }
  }

  void next() {
    if (asked_.empty()) return all_written();
    if (asked_.front().interval_us() == 0) return write();
    auto pause = gpr_time_from_micros(asked_.front().interval_us(), GPR_TIMESPAN);
    alarm_.Set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), pause), [this](bool) { write(); });
  }

  virtual void all_written() = 0;

 private:
  void write() {
    ResponseParameters parameters = asked_.front();
    asked_.pop_front();
    response_.mutable_payload()->set_body(std::string(parameters.size(), '\0'));
    grpc::WriteOptions options;
    if (!parameters.compressed().value()) options.set_no_compression();
    this->StartWrite(&response_, options);
  }

  CallbackServerContext* context_;
  std::deque<ResponseParameters> asked_;
  StreamingOutputCallResponse response_;
  grpc::Alarm alarm_;
};

class OutputCall final : public Responder<grpc::ServerWriteReactor<StreamingOutputCallResponse>> {
 public:
  OutputCall(CallbackServerContext* context, const StreamingOutputCallRequest& request)
      : Responder(context) {
    if (request.has_response_status()) {
      Finish(status(request.response_status()));
    } else {
      ask(request);
      next();
    }
  }

 private:
  void all_written() override { Finish(Status::OK); }
};

// Full duplex: each request is answered as it comes. Half duplex: when all have come.
class DuplexCall final : public Responder<
                             grpc::ServerBidiReactor<
                                 StreamingOutputCallRequest, StreamingOutputCallResponse>> {
 public:
  DuplexCall(CallbackServerContext* context, bool at_once) : Responder(context), at_once_(at_once) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      half_closed_ = true;
      return next();
    }
    if (request_.has_response_status()) return Finish(status(request_.response_status()));
    ask(request_);
    if (at_once_) {
      next();
    } else {
      StartRead(&request_);
    }
  }

 private:
  void all_written() override {
    if (half_closed_) {
      Finish(Status::OK);
    } else {
      StartRead(&request_);
    }
  }

  const bool at_once_;
  bool half_closed_ = false;
  StreamingOutputCallRequest request_;
};

class InputCall final : public grpc::ServerReadReactor<StreamingInputCallRequest> {
 public:
  InputCall(CallbackServerContext* context, StreamingInputCallResponse* response)
      : context_(context), response_(response) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(Status::OK);
    if (!came_as_said(context_, request_)) return Finish(not_compressed);
    auto size = static_cast<int32_t>(request_.payload().body().size());
    response_->set_aggregated_payload_size(response_->aggregated_payload_size() + size);
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  CallbackServerContext* context_;
  StreamingInputCallResponse* response_;
  StreamingInputCallRequest request_;
};

// What is not overridden here answers UNIMPLEMENTED, as clients want to see it.
class TestService final : public grpc::testing::TestService::CallbackService {
  grpc::ServerUnaryReactor* EmptyCall(
      CallbackServerContext* context, const grpc::testing::Empty*, grpc::testing::Empty*) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(Status::OK);
    return reactor;
  }

  grpc::ServerUnaryReactor* UnaryCall(
      CallbackServerContext* context, const SimpleRequest* request,
      SimpleResponse* response) override {
    echo_metadata(context);
    auto* reactor = context->DefaultReactor();
    if (request->has_response_status()) {
      reactor->Finish(status(request->response_status()));
    } else if (!came_as_said(context, *request)) {
      reactor->Finish(not_compressed);
    } else {
      if (request->response_compressed().value()) {
        context->set_compression_level(GRPC_COMPRESS_LEVEL_LOW);
      }
      response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
      reactor->Finish(Status::OK);
    }
    return reactor;
  }

  grpc::ServerWriteReactor<StreamingOutputCallResponse>* StreamingOutputCall(
      CallbackServerContext* context, const StreamingOutputCallRequest* request) override {
    echo_metadata(context);
    return new OutputCall(context, *request);
  }

  grpc::ServerReadReactor<StreamingInputCallRequest>* StreamingInputCall(
      CallbackServerContext* context, StreamingInputCallResponse* response) override {
    echo_metadata(context);
    return new InputCall(context, response);
  }

  grpc::ServerBidiReactor<StreamingOutputCallRequest, StreamingOutputCallResponse>* FullDuplexCall(
      CallbackServerContext* context) override {
    echo_metadata(context);
    return new DuplexCall(context, true);
  }

  grpc::ServerBidiReactor<StreamingOutputCallRequest, StreamingOutputCallResponse>* HalfDuplexCall(
      CallbackServerContext* context) override {
    echo_metadata(context);
    return new DuplexCall(context, false);
  }
};

class DownloadCall final : public grpc::ServerWriteReactor<echo::v1::EchoMessage> {
 public:
  explicit DownloadCall(const echo::v1::DownloadRequest& request) : left_(request.count()) {
    message_.set_payload(std::string(request.size(), '\0'));
    next();
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      next();
    } else {
      Finish(Status(StatusCode::CANCELLED, "the client reads no more"));
    }
  }

  void OnDone() override { delete this; }

 private:
  void next() {
    if (left_-- > 0) {
      StartWrite(&message_);
    } else {
      Finish(Status::OK);
    }
  }

  int32_t left_;
  echo::v1::EchoMessage message_;
};

class EchoService final : public echo::v1::Echo::CallbackService {
  grpc::ServerUnaryReactor* Unary(
      CallbackServerContext* context, const echo::v1::EchoMessage* request,
      echo::v1::EchoMessage* response) override {
    *response = *request;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<echo::v1::EchoMessage>* Download(
      CallbackServerContext*, const echo::v1::DownloadRequest* request) override {
    return new DownloadCall(*request);
  }
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::shared_ptr<grpc::ServerCredentials> credentials(const peer::Flags& flags) {
  if (!flags.has("tls")) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(
      {contents(flags.text("tls", "", 1)), contents(flags.text("tls", "", 0))});
  return grpc::SslServerCredentials(options);
}

}  // namespace

int main(int count, char** arguments) {
  peer::Flags flags(count, arguments);
  std::string host = flags.text("host", "127.0.0.1");
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(host + ":" + flags.text("port", "0"), credentials(flags), &port);
  if (flags.has("threads")) {
    grpc::ResourceQuota quota("threads");
    quota.SetMaxThreads(static_cast<int>(flags.number("threads", 1)));
    builder.SetResourceQuota(quota);
  }
  TestService test;
  EchoService echo;
  builder.RegisterService(&test);
  builder.RegisterService(&echo);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::cerr << "cannot listen on " << host << ":" << flags.text("port", "0") << std::endl;
    return 1;
  }
  std::cout << "listening on " << host << ":" << port << std::endl;
  server->Wait();
}
