// What answers heartbeats waits for nothing: not for a reader of the database, not for somebody's list of trials.
#include <future>
#include <latch>
#include <thread>

#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/submission/arrival_changes.h"
#include "tests/coordinator/service_fixture.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::scheduling {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::MaybeTrial;

class Nobody final : public ChangeListener {
 public:
  void trials_changed(const std::vector<store::Situation>&) override {}
  void events_stored(std::vector<job::Event>) override {}
};

class UnblockedTest : public ::testing::Test {
 protected:
  UnblockedTest() {
    auto opened = store::JobStore::open(folder_.path() / "jobs.db",
                                        {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }});
    store_ = std::move(opened).value();
    leases_ = std::make_shared<LeaseManager>(*store_, clock_, LeaseTerms{}, nobody_);
    EXPECT_TRUE(leases_->recover().ok());
  }
  ~UnblockedTest() override {
    leases_->stop();
    store_.reset();
  }

  void submit(const testing::TestSweep& sweep) {
    const submission::Draft draft(std::make_shared<job::SweepPlan>(*testing::plan_test_sweep(sweep.text())), "hash", "",
                                  {}, clock_.now());
    Answer<std::monostate> answer;
    store_->write<submission::Submitted>(
        [&](store::Connection& database) { return submission::submit(database, draft); },
        [this, reply = answer.reply()](Result<submission::Submitted> submitted) {
          leases_->apply(submitted->situations);
          reply(std::monostate{});
        });
    ASSERT_TRUE(answer.get());
  }
  void connect(const std::string& id) {
    job::WorkerInfo info{.id = {id}, .host = "host", .benchmarks = {{.name = "fashion_mnist", .split_ids = {"1"}}}};
    info.slots.push_back({.name = "cpu:0", .device = "cpu", .threads = 1});
    Answer<LeaseTerms> answer;
    leases_->register_worker(info, {}, answer.reply());
    ASSERT_TRUE(answer.get());
  }

  oodml::testing::TemporaryFolder folder_;
  SystemClock clock_;
  Nobody nobody_;
  std::unique_ptr<store::JobStore> store_;
  std::shared_ptr<LeaseManager> leases_;
};

TEST_F(UnblockedTest, WhileAllReadersAreTakenWorkersAreAnswered) {
  submit({.seeds = {0, 1}});
  connect("a");
  connect("b");
  Answer<MaybeTrial> first;
  const auto poll = leases_->acquire({"a"}, "cpu:0", "lost reply", 10s, first.reply());
  const auto leased = first.get();
  ASSERT_TRUE(leased && *leased);

  std::latch reading(2), enough(1);
  std::vector<std::thread> holders;
  for (int i = 0; i < 2; ++i) {
    holders.emplace_back([&] {
      EXPECT_TRUE(store_->read([&](store::Connection&) -> Result<bool> {
        reading.count_down();
        enough.wait();
        return true;
      }));
    });
  }
  reading.wait();
  // As one of gRPC's few threads would: one call after the other.
  auto thread = std::async(std::launch::async, [&] {
    Answer<MaybeTrial> again, other;
    const auto asked_again = leases_->acquire({"a"}, "cpu:0", "lost reply", 10s, again.reply());
    EXPECT_EQ(leases_->heartbeat({"a"}, {(*leased)->lease})->at(0), job::Directive::kContinue);
    const auto asked = leases_->acquire({"b"}, "cpu:0", "another", 10s, other.reply());
    EXPECT_EQ((*again.get())->lease.id, (*leased)->lease.id);
    EXPECT_TRUE((*other.get()).has_value());
  });
  EXPECT_EQ(thread.wait_for(4s), std::future_status::ready) << "it waits for a reader";
  enough.count_down();
  for (std::thread& holder : holders) holder.join();
  thread.get();
}

TEST_F(UnblockedTest, WhileAVeryLongListIsMadeHeartbeatsAreAnswered) {
  constexpr int kWorkers = 1000, kNeeds = 1000, kTrials = 10'000;
  for (int i = 0; i < kWorkers; ++i) connect("worker-" + std::to_string(i));
  std::vector<store::StoredTrialView> trials(kTrials);
  for (int i = 0; i < kTrials; ++i) {
    trials[static_cast<std::size_t>(i)].view.id = {i + 1};
    trials[static_cast<std::size_t>(i)].need.benchmark = "benchmark " + std::to_string(i % kNeeds);
  }
  std::atomic<bool> over = false;
  std::thread lister([&] {
    leases_->complete(trials);
    over = true;
  });
  // Counted, not timed: a list that held what heartbeats need would let two of them through, one before it and one
  // after it, however slow or fast the machine is.
  int beats = 0;
  for (; !over; ++beats) {
    EXPECT_TRUE(leases_->heartbeat({"worker-0"}, {}));
    std::this_thread::sleep_for(1ms);
  }
  lister.join();
  EXPECT_NE(trials[0].view.waiting_for, "");
  EXPECT_GT(beats, 10) << "heartbeats wait for lists";
}

}  // namespace
}  // namespace oodml::coordinator::scheduling
