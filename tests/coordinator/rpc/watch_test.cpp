#include <optional>
#include <thread>

#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

class WatchTest : public RpcTest {
 protected:
  std::unique_ptr<grpc::ClientReader<v1::WatchEventsReply>> watch(grpc::ClientContext& context) {
    v1::WatchEventsRequest request;
    request.mutable_sweep()->set_sweep_id(4);
    return sweeps_->WatchEvents(&context, request);
  }
};

job::Event metric(std::int64_t sequence, std::string name = "nmi") {
  return {TrialId{7}, 1, sequence, from_millis(5), job::Metric{1, "test", "embeds", std::move(name), 0.5}};
}

TEST_F(WatchTest, TellsStatesAndEventsInOrderUntilTheCallerLeaves) {
  Call call;
  const auto reader = watch(call.context);
  fake_sweeps().wait_for_watchers(1);
  fake_sweeps().publish(SweepView{.id = SweepId{4}, .counts = {.running = 1}});
  fake_sweeps().publish(TrialView{.id = TrialId{7}, .state = job::TrialState::kRunning});
  fake_sweeps().publish(metric(3));

  v1::WatchEventsReply reply;
  ASSERT_TRUE(reader->Read(&reply));
  EXPECT_EQ(reply.sweep().counts().running(), 1);
  ASSERT_TRUE(reader->Read(&reply));
  EXPECT_EQ(reply.trial().state(), "running");
  ASSERT_TRUE(reader->Read(&reply));
  EXPECT_EQ(reply.event().sequence(), 3);

  call.context.TryCancel();
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  fake_sweeps().wait_for_watchers(0);
}

TEST_F(WatchTest, AnUnknownSweepAndGarbageAreRefused) {
  fake_sweeps().on_watch = [](const SweepRef& sweep, TrialId) -> Status {
    return not_found("no sweep " + std::to_string(sweep.id.value));
  };
  v1::WatchEventsReply reply;
  Call call;
  auto reader = watch(call.context);
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(said(reader->Finish()), "5 no sweep 4");

  Call empty;
  reader = sweeps_->WatchEvents(&empty.context, v1::WatchEventsRequest());
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(said(reader->Finish()), "3 sweep: neither sweep_id nor name; one of them wanted");
}

TEST_F(WatchTest, AReaderThatFallsBehindIsToldSo) {
  Call call;
  const auto reader = watch(call.context);
  fake_sweeps().wait_for_watchers(1);
  // Far more than the queue and the connection's windows hold.
  for (int i = 1; i <= 100'000; ++i) fake_sweeps().publish(metric(i, std::string(100, 'n')));
  v1::WatchEventsReply reply;
  std::int64_t last = 0;
  while (reader->Read(&reply)) {
    EXPECT_GT(reply.event().sequence(), last);
    last = reply.event().sequence();
  }
  EXPECT_LT(last, 100'000);
  EXPECT_EQ(said(reader->Finish()), "8 fell behind; call again");
  fake_sweeps().wait_for_watchers(0);
}

TEST_F(WatchTest, ManyCallersComeAndGoWhileThingsHappen) {
  std::atomic<bool> over = false;
  std::thread publisher([&] {
    for (std::int64_t i = 1; !over; ++i) fake_sweeps().publish(metric(i));
  });
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      for (int round = 0; round < 25; ++round) {
        Call call;
        const auto reader = watch(call.context);
        v1::WatchEventsReply reply;
        for (int n = 0; n < i * round; ++n) {
          if (!reader->Read(&reply)) break;
        }
        call.context.TryCancel();
        while (reader->Read(&reply)) continue;
        EXPECT_FALSE(reader->Finish().ok());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  over = true;
  publisher.join();
  fake_sweeps().wait_for_watchers(0);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
