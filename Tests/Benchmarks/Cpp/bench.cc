// Calls per second, latency and bytes per second, by gRPC C++'s callback API.

#include "client.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <numeric>
#include <vector>

#include "echo/v1/echo.grpc.pb.h"

namespace {

using clock = std::chrono::steady_clock;
using echo::v1::Echo;
using echo::v1::EchoMessage;
using peer::Flags;

constexpr int payload_bytes = 100;
constexpr int message_bytes = 64 * 1024;

// Counts down to when all that was started has ended.
class Remaining {
 public:
  explicit Remaining(int count) : count_(count) {}

  void finish() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--count_ == 0) changed_.notify_one();
  }

  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_;
};

// One call at a time, again and again while calls are left to make.
class Caller {
 public:
  Caller(Echo::Stub* stub, std::atomic<int64_t>* left, Remaining* remaining)
      : stub_(stub), left_(left), remaining_(remaining) {
    request_.set_payload(std::string(payload_bytes, '\0'));
  }

  void start() {
    if (left_->fetch_sub(1) <= 0) return remaining_->finish();
    context_ = std::make_unique<grpc::ClientContext>();
    start_ = clock::now();
    stub_->async()->Unary(context_.get(), &request_, &response_, [this](grpc::Status status) {
      nanoseconds.push_back((clock::now() - start_).count());
      if (!status.ok() || response_.payload().size() != payload_bytes) ++failures;
      start();
    });
  }

  std::vector<int64_t> nanoseconds;
  int64_t failures = 0;

 private:
  Echo::Stub* stub_;
  std::atomic<int64_t>* left_;
  Remaining* remaining_;
  std::unique_ptr<grpc::ClientContext> context_;
  EchoMessage request_, response_;
  clock::time_point start_;
};

// Reads one stream to its end.
class Reader final : public grpc::ClientReadReactor<EchoMessage> {
 public:
  Reader(Echo::Stub* stub, int64_t count, Remaining* remaining) : remaining_(remaining) {
    request_.set_count(static_cast<int32_t>(count));
    request_.set_size(message_bytes);
    stub->async()->Download(&context_, &request_, this);
    StartRead(&message_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    ++messages;
    bytes += static_cast<int64_t>(message_.payload().size());
    StartRead(&message_);
  }

  void OnDone(const grpc::Status& status) override {
    failed = !status.ok() || messages != request_.count();
    remaining_->finish();
  }

  int64_t messages = 0;
  int64_t bytes = 0;
  bool failed = false;

 private:
  Remaining* remaining_;
  grpc::ClientContext context_;
  echo::v1::DownloadRequest request_;
  EchoMessage message_;
};

std::vector<std::unique_ptr<Echo::Stub>> stubs(const Flags& flags) {
  std::vector<std::unique_ptr<Echo::Stub>> stubs(
      std::max<int64_t>(1, flags.number("connections", 1)));
  for (auto& stub : stubs) stub = Echo::NewStub(peer::connect(flags));
  return stubs;
}

// Makes so many calls, as many at a time as there are callers.
double run(std::vector<Caller>& callers, std::atomic<int64_t>& left, int64_t calls,
           Remaining& remaining) {
  left = calls;
  const auto start = clock::now();
  for (Caller& caller : callers) caller.start();
  remaining.wait();
  return std::chrono::duration<double>(clock::now() - start).count();
}

}  // namespace

bool peer::bench_unary(const Flags& flags) {
  const int64_t calls = flags.number("calls", 100000);
  const int in_flight = static_cast<int>(flags.number("in-flight", 1));
  auto echoes = stubs(flags);
  std::atomic<int64_t> left;
  Remaining warm_up(in_flight), measured(in_flight);
  auto make = [&](Remaining& remaining) {
    std::vector<Caller> callers;
    callers.reserve(in_flight);
    for (int index = 0; index < in_flight; ++index) {
      callers.emplace_back(echoes[index % echoes.size()].get(), &left, &remaining);
      callers.back().nanoseconds.reserve(2 * calls / in_flight + 16);
    }
    return callers;
  };
  auto warming = make(warm_up);
  run(warming, left, std::min<int64_t>(calls / 10 + in_flight, 10000), warm_up);
  auto callers = make(measured);
  const double seconds = run(callers, left, calls, measured);

  std::vector<int64_t> all;
  int64_t failures = 0;
  for (const Caller& caller : callers) {
    all.insert(all.end(), caller.nanoseconds.begin(), caller.nanoseconds.end());
    failures += caller.failures;
  }
  std::sort(all.begin(), all.end());
  auto percentile = [&](int percent) { return all[(all.size() - 1) * percent / 100] / 1e3; };
  const double mean = std::accumulate(all.begin(), all.end(), 0.0) / all.size() / 1e3;
  std::printf(
      "{\"calls\":%zu,\"in_flight\":%d,\"connections\":%zu,\"failures\":%lld,\"seconds\":%.6f,"
      "\"calls_per_second\":%.1f,\"mean_us\":%.2f,\"p50_us\":%.2f,\"p99_us\":%.2f}\n",
      all.size(), in_flight, echoes.size(), static_cast<long long>(failures), seconds,
      all.size() / seconds, mean, percentile(50), percentile(99));
  return failures == 0;
}

bool peer::bench_stream(const Flags& flags) {
  const int64_t calls = flags.number("calls", 10000);
  const int in_flight = static_cast<int>(flags.number("in-flight", 1));
  auto echoes = stubs(flags);
  auto run_readers = [&](int64_t count) {
    Remaining remaining(in_flight);
    std::vector<std::unique_ptr<Reader>> readers;
    for (int index = 0; index < in_flight; ++index) {
      readers.push_back(std::make_unique<Reader>(
          echoes[index % echoes.size()].get(), count / in_flight, &remaining));
    }
    remaining.wait();
    return readers;
  };
  run_readers(std::max<int64_t>(calls / 10, in_flight));
  const auto start = clock::now();
  auto readers = run_readers(calls);
  const double seconds = std::chrono::duration<double>(clock::now() - start).count();
  int64_t messages = 0, bytes = 0, failures = 0;
  for (const auto& reader : readers) {
    messages += reader->messages;
    bytes += reader->bytes;
    failures += reader->failed;
  }
  std::printf(
      "{\"messages\":%lld,\"in_flight\":%d,\"connections\":%zu,\"failures\":%lld,"
      "\"seconds\":%.6f,\"messages_per_second\":%.1f,\"bytes_per_second\":%.0f}\n",
      static_cast<long long>(messages), in_flight, echoes.size(),
      static_cast<long long>(failures), seconds, messages / seconds, bytes / seconds);
  return failures == 0;
}
