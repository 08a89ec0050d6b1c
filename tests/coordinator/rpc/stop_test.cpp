#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

using namespace std::chrono_literals;

class StopTest : public RpcTest {};

TEST_F(StopTest, AHundredWaitingAcquiresAndAWatcherEndAtOnce) {
  constexpr int kWaiting = 100;
  std::mutex mutex;
  std::condition_variable changed;
  int ended = 0;
  std::vector<std::unique_ptr<Call>> calls;
  std::vector<v1::AcquireReply> replies(kWaiting);
  std::vector<grpc::Status> statuses(kWaiting);
  v1::AcquireRequest request;
  request.set_worker_id("gpu-1");
  request.set_slot("cuda:0");
  for (int i = 0; i < kWaiting; ++i) {
    request.set_request_id("r-" + std::to_string(i));
    calls.push_back(std::make_unique<Call>());
    workers_->async()->Acquire(&calls.back()->context, &request, &replies[i], [&, i](grpc::Status status) {
      const std::lock_guard lock(mutex);
      statuses[i] = std::move(status);
      ++ended;
      changed.notify_one();
    });
  }
  Call watching;
  v1::WatchEventsRequest watch;
  watch.set_trial_id(7);
  const auto reader = sweeps_->WatchEvents(&watching.context, watch);
  fake_leases().wait_for_polls(kWaiting);
  fake_sweeps().wait_for_watchers(1);

  const auto before = std::chrono::steady_clock::now();
  server_->stop(30s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended == kWaiting; });
  }
  for (const grpc::Status& status : statuses) EXPECT_EQ(said(status), "14 the coordinator is stopping; ask again");
  v1::WatchEventsReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(said(reader->Finish()), "14 the coordinator is stopping; call again");
  fake_leases().wait_for_polls(0);
  fake_sweeps().wait_for_watchers(0);
}

/// A caller that says hello and then neither asks, nor listens, nor leaves.
class SilentCaller {
 public:
  explicit SilentCaller(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(port)), .sin_addr = {}, .sin_zero = {}};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const std::string hello = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);
    EXPECT_EQ(::send(socket_, hello.data(), hello.size(), 0), static_cast<ssize_t>(hello.size()));
    char byte;  // the server's own hello: it knows us
    EXPECT_EQ(::recv(socket_, &byte, 1, 0), 1);
  }
  ~SilentCaller() { ::close(socket_); }

 private:
  int socket_;
};

TEST_F(StopTest, ACallerThatAsksNothingIsNotWaitedFor) {
  const SilentCaller caller(server_->port());
  const auto before = std::chrono::steady_clock::now();
  server_->stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 30s);
}

TEST_F(StopTest, ACallThatRunsIsAnsweredFirst) {
  std::promise<void> started, may_go_on;
  fake_sweeps().on_list = [&](const auto&) -> Result<SweepPage> {
    started.set_value();
    may_go_on.get_future().wait();
    return SweepPage{{}, 17};
  };
  v1::ListReply reply;
  grpc::Status status;
  Call call;
  std::thread caller([&] { status = sweeps_->List(&call.context, {}, &reply); });
  started.get_future().wait();
  std::thread stopper([&] { server_->stop(30s); });
  may_go_on.set_value();
  stopper.join();
  caller.join();
  EXPECT_EQ(said(status), "OK");
  EXPECT_EQ(reply.next_before_sweep_id(), 17);
}

TEST_F(StopTest, TooManyCallsAtOnceAreToldToComeBack) {
  start({.listen = {.port = 0}, .work_threads = 1, .max_waiting_calls = 1});
  std::promise<void> running, may_go_on;
  std::shared_future<void> gate = may_go_on.get_future().share();
  std::atomic<int> begun = 0;
  fake_sweeps().on_list = [&](const auto&) -> Result<SweepPage> {
    if (begun++ == 0) running.set_value();
    gate.wait();
    return SweepPage{};
  };
  const auto list = [&] {
    v1::ListReply reply;
    Call call;
    return sweeps_->List(&call.context, {}, &reply);
  };
  std::future<grpc::Status> first = std::async(std::launch::async, list);
  running.get_future().wait();
  // One waits behind the running one; of two more, at least one finds no room.
  std::future<grpc::Status> second = std::async(std::launch::async, list);
  std::future<grpc::Status> third = std::async(std::launch::async, list);
  while (second.wait_for(1ms) != std::future_status::ready && third.wait_for(1ms) != std::future_status::ready)
    continue;
  may_go_on.set_value();
  EXPECT_EQ(said(first.get()), "OK");
  const std::string busy = "8 the coordinator has too many requests waiting; try again";
  const std::string answers[] = {said(second.get()), said(third.get())};
  EXPECT_EQ(std::count(std::begin(answers), std::end(answers), busy), 1);
  EXPECT_EQ(std::count(std::begin(answers), std::end(answers), "OK"), 1);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
