#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/open_service.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/worker_view.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::testing {

using namespace std::chrono_literals;

/// A sweep in one line, `name|benchmark|split|criteria|seeds|cpu_threads|set|gpu_memory_mib|limits`, for the fixture's
/// planner.
struct TestSweep {
  std::string name = "study";
  std::vector<std::string> criteria = {"margin"};
  std::vector<int> seeds = {0};
  std::string benchmark = "fashion_mnist";
  std::string split = "default";
  int cpu_threads = 1;
  std::string set = "test";
  int gpu_memory_mib = 0;
  bool grouped = false;  ///< A label `group` beside each criterion's.
  int max_failures = 0;
  int max_parallel = 0;

  SweepText text() const;
};

/// Reads what TestSweep::text wrote; every trial is criterion x seed. Overrides are keys that leave fingerprints alone.
Result<job::SweepPlan> plan_test_sweep(const SweepText& text);

/// Waits for a Reply.
template <typename T>
class Answer {
 public:
  Reply<T> reply() {
    return [promise = promise_](Result<T> result) { promise->set_value(std::move(result)); };
  }
  bool ready() const { return future_.wait_for(0s) == std::future_status::ready; }
  Result<T> get() {
    if (future_.wait_for(60s) != std::future_status::ready) {
      return failure(StatusCode::kDeadlineExceeded, "no reply within a minute");
    }
    return future_.get();
  }

 private:
  std::shared_ptr<std::promise<Result<T>>> promise_ = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> future_ = promise_->get_future();
};

using MaybeTrial = std::optional<job::LeasedTrial>;

/// A service on a database in a folder of its own, with time that stands still.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() { open(); }

  void open();
  void restart() {
    service.reset();
    open();
  }
  Sweeps& sweeps() { return service->sweeps(); }
  Leases& leases() { return service->leases(); }

  /// After this, every command pushed before it, and what those caused, is committed.
  void drain();
  void advance(Duration by) {
    clock.advance(by);
    service->tick();
    drain();
  }

  SubmitView submit(const TestSweep& sweep, const std::string& request_id = "", std::int64_t priority = 0);
  ChangeView change(SweepChange kind, SweepId sweep, const std::vector<TrialId>& trials = {});
  SweepView view(SweepId sweep);
  TrialView trial(TrialId trial);

  /// A worker with `slots` one-thread CPU slots that has fashion_mnist (splits 1, 2, 3).
  job::WorkerInfo worker_info(const std::string& id, int slots = 1);
  void connect(const std::string& id, int slots = 1, const std::vector<job::HeldLease>& held = {});
  Result<MaybeTrial> ask(const std::string& worker, const std::string& request_id = "",
                         const std::string& slot = "cpu:0");
  job::LeasedTrial acquire(const std::string& worker, const std::string& slot = "cpu:0");
  Status finish(const job::Lease& lease, job::Outcome outcome, std::int64_t last_sequence = 0,
                const std::string& request_id = "", const std::string& message = "");
  Result<job::Directive> beat(const std::string& worker, const job::Lease& lease);
  Result<std::int64_t> push(const std::string& worker, const job::Lease& lease, std::int64_t first_sequence,
                            const std::vector<job::EventBody>& bodies);

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path database = folder.path() / "coordinator.db";
  oodml::testing::FakeClock clock;
  std::unique_ptr<Service> service;
};

inline job::Metric metric(std::int64_t epoch, const std::string& name, double value, const std::string& set = "test") {
  return {.epoch = epoch, .set = set, .embeds = "embeds", .name = name, .value = value};
}

}  // namespace oodml::coordinator::testing
