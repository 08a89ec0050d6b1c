#include "coordinator/cli/event_stream.h"

#include <gtest/gtest.h>

#include "tests/coordinator/cli/fake_sweep_service.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Client> client_of(const FakeSweepService& service) {
  return *Client::open({.address = service.address(), .given = true});
}

TEST(EventStreamTest, ARefusalEndsTheStreamAfterWhatCameBefore) {
  FakeSweepService service;
  *service.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 0, 0, 1, 0);
  service.failing = Status(StatusCode::kNotFound, "no sweep 9");
  const auto client = client_of(service);
  EventStream stream(*client, {});
  std::size_t messages = 0;
  std::optional<Status> fatal;
  while (!fatal) {
    const auto batch = stream.next(10s);
    messages += batch.messages.size();
    fatal = batch.fatal;
  }
  EXPECT_EQ(messages, 1u);
  EXPECT_EQ(fatal->code(), StatusCode::kNotFound);
}

TEST(EventStreamTest, ALostConnectionIsSaidAndTakenUpAgain) {
  FakeSweepService service;
  *service.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 0, 0, 1, 0);
  service.broken_streams = 1;
  const auto client = client_of(service);
  EventStream stream(*client, {});
  bool said = false;
  while (service.streams < 2) said = !stream.next(20ms).connection.empty() || said;
  EXPECT_TRUE(said);
}

TEST(EventStreamTest, DestructionDoesNotWaitForTheCoordinator) {
  FakeSweepService service;
  const auto client = client_of(service);
  const auto start = std::chrono::steady_clock::now();
  {
    EventStream stream(*client, {});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace oodml::cli
