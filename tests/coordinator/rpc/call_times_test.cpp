// Who counts calls hears of each of them once, as it was answered.
#include <map>
#include <mutex>

#include "coordinator/service/sweep_views.h"
#include "tests/coordinator/rpc/rpc_fixture.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::rpc {
namespace {

class CallTimesTest : public RpcTest {
 protected:
  void SetUp() override {
    start({.listen = {.port = 0}, .call_ended = [this](std::string_view method, StatusCode code, auto took) {
             EXPECT_GE(took.count(), 0);
             const std::lock_guard lock(mutex_);
             ++ended_[std::string(method) + " " + to_text(code)];
           }});
  }
  void TearDown() override { server_.reset(); }

  /// A caller may have its answer a moment before it was counted.
  bool counts(const std::map<std::string, int>& wanted) {
    return testing::wait_until([&] {
      const std::lock_guard lock(mutex_);
      return ended_ == wanted;
    });
  }

  std::mutex mutex_;
  std::map<std::string, int> ended_;  // guarded by mutex_
};

TEST_F(CallTimesTest, UnaryCallsStreamsAndRefusalsCount) {
  fake_sweeps().on_list = [](const SweepSelection&) { return SweepPage(); };
  v1::ListReply listed;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(said(sweeps_->List(Call(), v1::ListRequest(), &listed)), "OK");
  v1::GetReply got;
  EXPECT_NE(said(sweeps_->Get(Call(), v1::GetRequest(), &got)), "OK") << "of no sweep";
  ASSERT_TRUE(counts({{"SweepService.List ok", 2}, {"SweepService.Get invalid_argument", 1}}));

  fake_sweeps().on_watch = [](const SweepRef&, TrialId) { return Status(not_found("no such trial")); };
  v1::WatchEventsRequest request;
  request.set_trial_id(4);
  Call call;
  const auto stream = sweeps_->WatchEvents(call, request);
  v1::WatchEventsReply message;
  while (stream->Read(&message)) {
  }
  EXPECT_NE(said(stream->Finish()), "OK");
  EXPECT_TRUE(counts({{"SweepService.List ok", 2},
                      {"SweepService.Get invalid_argument", 1},
                      {"SweepService.WatchEvents not_found", 1}}));
}

}  // namespace
}  // namespace oodml::coordinator::rpc
