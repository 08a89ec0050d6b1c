// Sweeps that are too large for one transaction.
#include <algorithm>
#include <numeric>

#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/store/job_store.h"
#include "coordinator/store/verification.h"
#include "coordinator/submission/arrival_changes.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

constexpr int kSeeds = 450;  // in three steps

TestSweep large() {
  TestSweep sweep{.name = "large", .seeds = std::vector<int>(kSeeds), .max_parallel = 7};
  std::iota(sweep.seeds.begin(), sweep.seeds.end(), 0);
  return sweep;
}

class ArrivalsTest : public ServiceTest {
 protected:
  submission::Draft draft(const TestSweep& sweep) {
    return {std::make_shared<job::SweepPlan>(*plan_test_sweep(sweep.text())), "hash", "", {}, clock.now()};
  }
  std::unique_ptr<store::JobStore> open_store() {
    return *store::JobStore::open(database,
                                  {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }});
  }
  template <typename T>
  static Result<T> write(store::JobStore& store, std::function<Result<T>(store::Connection&)> work) {
    Answer<T> answer;
    store.write<T>(std::move(work), answer.reply());
    return answer.get();
  }
  struct Silent final : scheduling::ChangeListener {
    void trials_changed(const std::vector<store::Situation>&) override {}
    void events_stored(std::vector<job::Event>) override {}
  };
  Silent silent_;
  std::int64_t rows_of(const std::string& table) {
    store::Connection connection(database, store::Access::kRead);
    store::Rows rows = connection.query("SELECT count(*) FROM " + table);
    return rows.next() ? rows.integer(0) : -1;
  }
};

TEST_F(ArrivalsTest, ItIsThereWhole) {
  const SubmitView submitted = submit(large());
  EXPECT_EQ(submitted.trials, kSeeds);
  EXPECT_EQ(submitted.new_trials, kSeeds);
  EXPECT_EQ(view(submitted.sweep).counts.queued, kSeeds);
  connect("a", 8);
  for (int slot = 0; slot < 7; ++slot) acquire("a", "cpu:" + std::to_string(slot));
  const auto held = ask("a", "", "cpu:7");
  ASSERT_TRUE(held);
  EXPECT_FALSE(*held) << "its limit of seven trials at once holds from the first on";
}

TEST_F(ArrivalsTest, TrialsThatWereThereAreShared) {
  submit({.name = "before", .seeds = {3, 300}});
  const SubmitView submitted = submit(large());
  EXPECT_EQ(submitted.new_trials, kSeeds - 2);
  EXPECT_EQ(view(submitted.sweep).trials, kSeeds);
  EXPECT_EQ(submit(large()).new_trials, 0);
}

TEST_F(ArrivalsTest, WhoeverSubmitsMeanwhileComesAfterwards) {
  Answer<SubmitView> first, again, small;
  sweeps().submit(large().text(), "request", {}, first.reply());
  sweeps().submit(large().text(), "request", {}, again.reply());
  sweeps().submit(TestSweep{.name = "small", .seeds = {5}}.text(), "", {}, small.reply());
  const SweepId sweep = first.get()->sweep;
  EXPECT_EQ(again.get()->sweep, sweep) << "a lost reply that was asked for again";
  EXPECT_EQ(small.get()->new_trials, 0);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 2u);
}

TEST_F(ArrivalsTest, UntilItIsWholeNobodySeesItAndAStartForgetsIt) {
  service.reset();
  const submission::Draft large_draft = draft(large());
  {
    const auto store = open_store();
    const auto begun = write<submission::Arriving>(
        *store, [&](store::Connection& at) { return submission::begin_arrival(at, large_draft); });
    ASSERT_TRUE(begun) << begun.error().text();
    ASSERT_TRUE(write<submission::Arriving>(*store, [&](store::Connection& at) -> Result<submission::Arriving> {
      return submission::arrive(at, large_draft, *begun, 100, std::chrono::steady_clock::time_point::max());
    }));
  }
  EXPECT_EQ(rows_of("trials"), 100);
  open();
  EXPECT_TRUE(sweeps().list({})->sweeps.empty());
  EXPECT_EQ(sweeps().get({.sweep = {.name = "large"}}).error().code(), StatusCode::kNotFound);
  connect("a");
  EXPECT_FALSE(*ask("a")) << "its trials are in no queue";
  for (int i = 0; i < 1000 && rows_of("sweeps") > 0; ++i) advance(1s);
  EXPECT_EQ(rows_of("sweeps"), 0);
  EXPECT_EQ(rows_of("trials"), 0);
  EXPECT_EQ(submit(large()).new_trials, kSeeds);
  service.reset();
  EXPECT_TRUE(store::verify_database(database)->problems.empty());
}

TEST_F(ArrivalsTest, WhatIsNotedOfItsTrialsIsWhatTheDatabaseSays) {
  service.reset();
  const auto store = open_store();
  const submission::Draft large_draft = draft(large());
  const auto noted =
      write<std::vector<store::Situation>>(*store, [&](store::Connection& at) -> Result<std::vector<store::Situation>> {
        store::set_label_limit(at, {.label = {"seed", "7"}, .max_parallel = 1});
        return submission::submit(at, large_draft)->situations;
      });
  ASSERT_EQ(noted->size(), static_cast<std::size_t>(kSeeds));
  const auto same = store->read([&](store::Connection& at) -> Result<std::int64_t> {
    return std::ranges::count_if(*noted, [&](const store::Situation& one) {
      const store::Situation read = store::situation_of(at, one.trial);
      return one.state == read.state && one.attempt == 0 && one.wish == read.wish && one.need == read.need &&
             one.turn == read.turn && one.charge == read.charge && one.max_parallel == read.max_parallel &&
             one.failed_on.empty() && read.failed_on.empty();
    });
  });
  EXPECT_EQ(*same, kSeeds);
  EXPECT_EQ((*noted)[7].charge.limited.size(), 1u);
}

TEST_F(ArrivalsTest, WhatIsHeardOfATrialOnItsWayToTheQueueStays) {
  service.reset();
  const auto store = open_store();
  const submission::Draft three = draft({.name = "three", .seeds = {1, 2, 3}});
  const std::vector<store::Situation> came =
      write<std::vector<store::Situation>>(*store, [&](store::Connection& at) -> Result<std::vector<store::Situation>> {
        return submission::submit(at, three)->situations;
      }).value();
  const auto queue = std::make_shared<scheduling::LeaseManager>(*store, clock, LeaseTerms{}, silent_);
  Answer<LeaseTerms> registered;
  queue->register_worker(worker_info("a", 3), {}, registered.reply());
  ASSERT_TRUE(registered.get());

  queue->expect({came[0].trial, came[1].trial, came[2].trial});
  store::Situation cancelled = came[1];
  cancelled.state = job::TrialState::kCancelled;
  queue->apply({cancelled});
  queue->arrive({came[0], came[1]});
  queue->arrive({came[2]});
  queue->have_arrived();
  std::vector<Answer<std::optional<job::LeasedTrial>>> asked(3);
  for (std::size_t slot = 0; slot < asked.size(); ++slot) {
    queue->acquire({"a"}, "cpu:" + std::to_string(slot), "", Duration(0), asked[slot].reply());
  }
  const auto drained =
      write<std::monostate>(*store, [](store::Connection&) -> Result<std::monostate> { return std::monostate{}; });
  ASSERT_TRUE(drained);
  queue->tick();
  std::vector<TrialId> claimed;
  for (auto& one : asked) {
    const auto got = one.get();
    ASSERT_TRUE(got) << got.error().text();
    if (*got) claimed.push_back((*got)->lease.trial);
  }
  EXPECT_EQ(claimed, (std::vector<TrialId>{came[0].trial, came[2].trial}));
  queue->stop();
}

}  // namespace
}  // namespace oodml::coordinator::testing
