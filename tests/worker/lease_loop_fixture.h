#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/fake_coordinator.h"
#include "tests/worker/fake_launcher.h"
#include "tests/worker/trials.h"
#include "worker/lease_loop.h"

namespace oodml::worker {

/// The whole worker with a coordinator, processes and a clock that the test holds in its hand.
class LeaseLoopTest : public ::testing::Test {
 protected:
  LeaseLoopTest() {
    std::filesystem::create_directories(folder_ / "runs");
    std::filesystem::create_directories(spool_);
    options_.tick = std::chrono::milliseconds(1);
    options_.slot.trial.core = "/core";
    options_.slot.trial.runs = folder_ / "runs";
    options_.slot.trial.stall = std::chrono::hours(100);
    options_.slot.trial.grace = std::chrono::hours(10);
    options_.slot.spool = spool_;
    options_.delivery = std::chrono::minutes(1);
    info_.id = WorkerId{"w-1"};
    info_.slots = {{"cpu:0", "cpu", 2, 0}};
  }
  ~LeaseLoopTest() override { stop(); }

  void start() {
    loop_ = std::make_unique<LeaseLoop>(options_, info_, coordinator_, launcher_, clock_);
    thread_ = std::jthread([this] {
      result_ = loop_->run();
      returned_ = true;
    });
  }
  void stop() {
    if (!loop_) return;
    loop_->kill_now();
    coordinator_.set_away(false);
    thread_ = std::jthread();
    loop_.reset();
  }
  /// Lets time pass, so much a look, until `condition` holds. Where it holds after hours, a look has minutes: an answer
  /// that was on its way when those hours were jumped over would come at their end, and they would count as none.
  template <typename Condition>
  bool eventually(Condition condition, Duration look = std::chrono::milliseconds(100)) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      clock_.advance(look);
      coordinator_.wait_briefly();
    }
    return true;
  }
  bool launched(std::size_t count) {
    return eventually([&] { return launcher_.launched() >= count; });
  }
  bool ended(const job::LeasedTrial& trial) {
    return eventually([&] { return coordinator_.ended(trial.lease).has_value(); });
  }
  job::Outcome outcome(const job::LeasedTrial& trial) { return coordinator_.ended(trial.lease)->outcome; }
  bool spools_gone() {
    return eventually([&] {
      const std::filesystem::directory_iterator files(spool_);
      return std::ranges::all_of(files, [](const auto& file) { return std::filesystem::is_empty(file.path()); });
    });
  }
  /// Whether some spool on the disk holds `text`.
  bool spooled(const std::string& text) {
    for (const auto& entry : std::filesystem::directory_iterator(spool_)) {
      if (testing::read_text(entry.path()).find(text) != std::string::npos) return true;
    }
    return false;
  }
  bool returned(Duration look = std::chrono::milliseconds(100)) {
    return eventually([&] { return returned_.load(); }, look);
  }

  testing::TemporaryFolder folder_;
  const std::filesystem::path spool_ = folder_ / "spool";
  testing::FakeClock clock_;
  testing::FakeCoordinator coordinator_;
  testing::FakeLauncher launcher_;
  LoopOptions options_;
  job::WorkerInfo info_;
  std::unique_ptr<LeaseLoop> loop_;
  Status result_;
  std::atomic<bool> returned_{false};
  std::jthread thread_;
};

inline job::EventBody metric(int epoch) { return job::Metric{epoch, "test", "embeds", "e_recall@1", 0.5}; }

}  // namespace oodml::worker
