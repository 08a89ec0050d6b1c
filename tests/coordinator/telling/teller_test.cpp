#include "coordinator/telling/teller.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::telling {
namespace {

using namespace std::chrono_literals;

/// Takes what it is sent, or not.
class FakePost final : public Post {
 public:
  struct Sent {
    std::string url, delivery, kind, body;
  };
  explicit FakePost(std::vector<Sent>& sent, Status& answer) : sent_(sent), answer_(answer) {}
  Status send(const std::string& url, const std::map<std::string, std::string>& headers,
              const std::string& body) override {
    sent_.push_back({url, headers.at("X-OODML-Delivery"), headers.at("X-OODML-Event"), body});
    return answer_;
  }

 private:
  std::vector<Sent>& sent_;
  Status& answer_;
};

/// A database that only this test writes, with sweeps as a coordinator leaves them.
class TellerTest : public testing::ServiceTest {
 protected:
  /// After this the coordinator is gone, and its database is the teller's alone.
  void open_teller(const std::string& hooks) {
    service.reset();
    store_ =
        store::JobStore::open(database, {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }})
            .value();
    lookout_ = std::make_unique<Lookout>(*store_, [this] { return free_; });
    teller_ = std::make_unique<Teller>(
        *store_, clock, *lookout_, [this] { return workers_; }, std::make_unique<FakePost>(sent_, answer_));
    teller_->set_hooks(parse_hooks(hooks, "hooks").value());
  }
  void restart_teller(const std::string& hooks) {
    teller_.reset();
    lookout_.reset();
    store_.reset();
    open_teller(hooks);
  }
  std::vector<std::string> kinds() const {
    std::vector<std::string> kinds;
    for (const auto& one : sent_) kinds.push_back(one.kind);
    return kinds;
  }
  /// The coordinator's own teller has no hooks: what it noted is taken back, so that this one finds it.
  void untell() {
    testing::Answer<bool> answer;
    store_->write<bool>(
        [](store::Connection& database) -> Result<bool> {
          for (std::int64_t id = 1; id < 10; ++id) store::set_told(database, {id}, 0);
          return true;
        },
        answer.reply());
    ASSERT_TRUE(answer.get());
  }

  std::unique_ptr<store::JobStore> store_;
  std::unique_ptr<Lookout> lookout_;
  std::unique_ptr<Teller> teller_;
  std::vector<FakePost::Sent> sent_;
  Status answer_;
  std::vector<WorkerView> workers_;
  std::optional<std::int64_t> free_ = std::int64_t{100} << 30;
};

constexpr const char* kHook = "lab * all json https://lab.example/in\n";

TEST_F(TellerTest, ASweepThatFinishedIsToldOnce) {
  submit({.seeds = {0, 1}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kOutOfMemory, 0, "", "no memory").ok());
  drain();
  open_teller(kHook);
  untell();
  teller_->round();
  teller_->round();
  teller_->round();
  EXPECT_EQ(kinds(), (std::vector<std::string>{"first_failure", "finished"}));
  EXPECT_EQ(nlohmann::json::parse(sent_[1].body)["text"], "Sweep 1 study finished: 1 of 2 trials succeeded, 1 failed.");
  restart_teller(kHook);
  teller_->round();
  EXPECT_EQ(sent_.size(), 2u) << "a restart tells it again";
}

TEST_F(TellerTest, WhatIsNotTakenIsTriedAgainLaterAndInOrder) {
  submit({});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kOutOfMemory).ok());
  drain();
  open_teller(kHook);
  untell();
  answer_ = Status(StatusCode::kUnavailable, "the receiver answered 503");
  teller_->round();
  teller_->round();
  EXPECT_EQ(kinds(), std::vector<std::string>{"first_failure"}) << "one try, then a pause";
  clock.advance(5s);
  teller_->round();
  clock.advance(5s);
  teller_->round();
  EXPECT_EQ(sent_.size(), 2u) << "the second pause is longer";
  restart_teller(kHook);
  answer_ = Status();
  teller_->round();
  teller_->round();
  EXPECT_EQ(kinds(), (std::vector<std::string>{"first_failure", "first_failure", "first_failure", "finished"}));
  EXPECT_EQ(sent_[0].delivery, sent_[2].delivery);
  EXPECT_NE(sent_[2].delivery, sent_[3].delivery);
}

TEST_F(TellerTest, AHookThatIsDownHoldsUpNoOther) {
  submit({});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kSucceeded).ok());
  drain();
  open_teller("down * all json https://down.example/in\nup * all json https://up.example/in\n");
  untell();
  answer_ = Status(StatusCode::kUnavailable, "no answer");
  teller_->round();
  ASSERT_EQ(sent_.size(), 2u);
  clock.advance(80h);  // beyond what is waited for: dropped, with an error in the log
  teller_->round();
  answer_ = Status();
  clock.advance(80h);
  teller_->round();
  EXPECT_EQ(sent_.size(), 4u);
}

TEST_F(TellerTest, AHookThatIsTakenOutLosesItsMessages) {
  submit({});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kSucceeded).ok());
  drain();
  open_teller(kHook);
  untell();
  answer_ = Status(StatusCode::kUnavailable, "no answer");
  teller_->round();
  teller_->set_hooks({});
  clock.advance(1h);
  teller_->round();
  teller_->set_hooks(parse_hooks(kHook, "hooks").value());
  clock.advance(1h);
  teller_->round();
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(TellerTest, ALostWorkerIsToldOnceUntilItIsBack) {
  open_teller(kHook);
  const auto seen = [&](const std::string& state) {
    workers_ = {{.info = {.id = {"gpu-1"}}, .state = state, .running = {{3}}}};
    clock.advance(10s);
    teller_->round();
  };
  seen("lost");
  EXPECT_TRUE(sent_.empty()) << "it was lost before anybody looked";
  seen("ready");
  seen("not answering");
  seen("lost");
  seen("lost");
  ASSERT_EQ(kinds(), std::vector<std::string>{"worker_lost"});
  EXPECT_EQ(nlohmann::json::parse(sent_[0].body)["text"], "Worker gpu-1 is lost; it had 1 trial.");
  seen("ready");
  seen("lost");
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_F(TellerTest, AFullDiskIsToldOnceUntilThereIsRoom) {
  open_teller(kHook);
  const auto with_free = [&](std::int64_t mib) {
    free_ = mib << 20;
    clock.advance(10s);
    teller_->round();
  };
  with_free(5000);
  with_free(2000);
  with_free(2500);
  with_free(2000);
  EXPECT_EQ(kinds(), std::vector<std::string>{"disk_low"});
  with_free(4000);
  with_free(100);
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_F(TellerTest, ASweepThatIsRunAgainIsToldAgain) {
  const SubmitView sweep = submit({});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kOutOfMemory).ok());
  drain();
  service.reset();
  open_teller(kHook);
  untell();
  teller_->round();
  teller_->round();
  ASSERT_EQ(sent_.size(), 2u);
  teller_.reset();
  lookout_.reset();
  store_.reset();
  open();
  change(SweepChange::kRetry, sweep.sweep);
  open_teller(kHook);
  lookout_->trials_changed({{.trial = {1}}});
  teller_->round();
  EXPECT_EQ(sent_.size(), 2u);
  teller_.reset();
  lookout_.reset();
  store_.reset();
  open();
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, job::Outcome::kSucceeded).ok());
  drain();
  open_teller(kHook);
  untell();
  teller_->round();
  EXPECT_EQ(kinds().back(), "finished");
}

}  // namespace
}  // namespace oodml::coordinator::telling
