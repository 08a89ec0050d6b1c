#include <gtest/gtest.h>

#include <random>

#include "coordinator/scheduling/trial_queue.h"

namespace oodml::coordinator::scheduling {
namespace {

using namespace std::chrono_literals;

/// A cluster in fast motion: people submit, change priorities, weights and limits, workers come and leave, trials fail.
/// It keeps books of its own, against which the scheduler is held.
class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    for (int i = 0; i < kWorkers; ++i) workers_.push_back({.id = {"w" + std::to_string(i)}, .is_large = i == 0});
  }

  void step(bool submits) {
    now_ += kStep;
    end_runs();
    if (submits) change_something();
    for (Worker& worker : workers_) {
      while (worker.is_here && worker.running.size() < kSlots && begin(worker)) {
      }
    }
    check_patience();
  }

  std::size_t waiting() const { return queue_.size(); }
  int handed_out() const { return handed_out_; }
  /// Every limit is gone and every worker here, so that all that waits may run.
  void open_all() {
    for (Worker& worker : workers_) worker.is_here = true;
    for (auto& [sweep, about] : sweeps_) set_limit(sweep, 0);
    for (const std::string& owner : kOwners) set_limit(owner, 0);
    set_limit(kLabel, 0);
  }

 private:
  static constexpr int kWorkers = 4;
  static constexpr std::size_t kSlots = 3;
  static constexpr Duration kStep = 10min, kLongest = 5h;
  /// By when an owner's trials of a kind that may run have had a slot, at the latest: once patience is lost, one of
  /// those that lost it gets each slot that becomes free, the longest first; there are at most so many.
  static constexpr Duration kBound = kPatience + 16 * kLongest;
  const std::vector<std::string> kOwners = {"alice", "bob", "carol", "dora"};
  const store::Label kLabel{.axis = "criterion", .label = "margin"};

  struct Run {
    QueuedTrial trial;
    Steady until{};
  };
  struct Worker {
    WorkerId id;
    bool is_large = false;
    bool is_here = true;
    std::vector<Run> running{};
  };
  struct Sweep {
    std::string owner;
    std::int64_t priority = 0;
    std::int64_t most = 0;
  };

  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  Time wall() const { return Time(std::chrono::floor<Duration>(now_.time_since_epoch())); }

  static bool fits(const Worker& worker, const LineKey& line) {
    return worker.is_large || line.need.benchmark == "small";
  }
  std::optional<int> rank(const Worker& worker, const LineKey& line) const {
    if (!fits(worker, line)) return std::nullopt;
    if (!line.failed_on.contains(worker.id)) return 0;
    const bool others = std::ranges::any_of(workers_, [&](const Worker& other) {
      return other.is_here && fits(other, line) && !line.failed_on.contains(other.id);
    });
    return others ? std::nullopt : std::optional(TrialQueue::kPatientRank);
  }

  void set_limit(SweepId sweep, std::int64_t most) {
    sweeps_[sweep].most = most;
    accounts_.limits.set_of_sweep(sweep, most);
  }
  void set_limit(const std::string& owner, std::int64_t most) {
    owner_limits_[owner] = most;
    accounts_.limits.set_of_owner(owner, most);
  }
  void set_limit(const store::Label& label, std::int64_t most) {
    label_limit_ = most;
    accounts_.limits.set_of_label(label, most);
  }

  void change_something() {
    switch (pick(12)) {
      case 0:
        return submit();
      case 1: {
        Worker& worker = workers_[1 + static_cast<std::size_t>(pick(kWorkers - 1))];
        worker.is_here = !worker.is_here;
        if (worker.is_here) return;
        for (Run& run : std::exchange(worker.running, {})) requeue(run.trial);
        return;
      }
      case 2:
        return accounts_.shares.set_weight(kOwners[static_cast<std::size_t>(pick(4))], 0.1 * (1 + pick(50)));
      case 3:
        return set_limit(kOwners[static_cast<std::size_t>(pick(4))], pick(2) * pick(6));
      case 4:
        return set_limit(kLabel, pick(2) * (1 + pick(3)));
      case 5:
        if (!sweeps_.empty()) set_limit(any_sweep(), pick(2) * (1 + pick(4)));
        return;
      case 6:
        if (!sweeps_.empty()) change_priority(any_sweep(), pick(9) - 4);
        return;
      default:
        return;
    }
  }
  SweepId any_sweep() { return std::next(sweeps_.begin(), pick(static_cast<int>(sweeps_.size())))->first; }

  void submit() {
    const SweepId sweep{++newest_sweep_};
    sweeps_[sweep] = {.owner = kOwners[static_cast<std::size_t>(pick(4))], .priority = pick(9) - 4};
    const int trials = 1 + pick(18);
    for (int i = 0; i < trials; ++i) {
      QueuedTrial trial{
          .trial = {++newest_trial_},
          .line = {.need = {.benchmark = pick(6) == 0 ? "large" : "small"}, .failed_on = {}},
          .turn = {.priority = sweeps_[sweep].priority, .sweep = sweep, .position = i, .queued_since = wall()},
          .charge = {.sweep = sweep, .owner = sweeps_[sweep].owner, .limited = {}}};
      if (pick(3) == 0) trial.charge.limited.insert(kLabel);
      put(trial);
    }
  }
  void put(const QueuedTrial& trial) {
    queue_.put(trial, now_);
    waits_[trial.trial] = trial;
  }
  void requeue(QueuedTrial trial) {
    accounts_.end(trial.trial, now_);
    put(trial);
  }
  void change_priority(SweepId sweep, std::int64_t priority) {
    sweeps_[sweep].priority = priority;
    for (auto& [id, trial] : waits_) {
      if (trial.charge.sweep != sweep) continue;
      trial.turn.priority = priority;
      queue_.put(trial, now_);
    }
  }

  void end_runs() {
    for (Worker& worker : workers_) {
      std::vector<Run> over;
      std::erase_if(worker.running, [&](const Run& run) {
        if (run.until > now_) return false;
        over.push_back(run);
        return true;
      });
      for (Run& run : over) {
        const bool fails = pick(15) == 0 && run.trial.line.failed_on.size() < 2;
        if (!fails) {
          accounts_.end(run.trial.trial, now_);
          continue;
        }
        run.trial.line.failed_on.insert(worker.id);
        requeue(run.trial);
      }
    }
  }

  bool begin(Worker& worker) {
    const auto taken = queue_.take_first([&](const LineKey& line) { return rank(worker, line); }, accounts_, now_);
    if (!taken) return false;
    ++handed_out_;
    EXPECT_FALSE(is_held(taken->charge, count_running())) << "handed out beyond a limit";
    accounts_.begin(taken->trial, taken->charge, now_);
    waits_.erase(taken->trial);
    worker.running.push_back({*taken, now_ + kStep * (1 + pick(static_cast<int>(kLongest / kStep)))});
    // The slot has been its owner's, for whatever of it could have run there.
    for (auto& [key, since] : unserved_) {
      if (key.first == taken->charge.owner && rank(worker, key.second) == rank(worker, taken->line)) since = now_;
    }
    return true;
  }

  /// What runs on each account, counted anew.
  std::map<std::string, std::int64_t> count_running() const {
    std::map<std::string, std::int64_t> running;
    for (const Worker& worker : workers_) {
      for (const Run& run : worker.running) {
        ++running["sweep " + std::to_string(run.trial.charge.sweep.value)];
        ++running["owner " + run.trial.charge.owner];
        if (!run.trial.charge.limited.empty()) ++running["label"];
      }
    }
    return running;
  }
  bool is_held(const store::Charge& charge, const std::map<std::string, std::int64_t>& running) const {
    const auto full = [&](const std::string& what, std::int64_t most) {
      const auto count = running.find(what);
      return most > 0 && count != running.end() && count->second >= most;
    };
    return full("sweep " + std::to_string(charge.sweep.value), sweeps_.at(charge.sweep).most) ||
           full("owner " + charge.owner, owner_limit(charge.owner)) ||
           (!charge.limited.empty() && full("label", label_limit_));
  }
  std::int64_t owner_limit(const std::string& owner) const {
    const auto limit = owner_limits_.find(owner);
    return limit == owner_limits_.end() ? 0 : limit->second;
  }
  /// Nobody who may have a slot waits beyond the bound.
  void check_patience() {
    const auto running = count_running();
    std::set<std::pair<std::string, LineKey>> may_run;
    for (const auto& [id, trial] : waits_) {
      const bool has_worker = std::ranges::any_of(
          workers_, [&](const Worker& worker) { return worker.is_here && rank(worker, trial.line).has_value(); });
      if (has_worker && !is_held(trial.charge, running)) may_run.insert({trial.charge.owner, trial.line});
    }
    std::erase_if(unserved_, [&](const auto& since) { return !may_run.contains(since.first); });
    for (const auto& key : may_run) {
      const auto since = unserved_.try_emplace(key, now_).first->second;
      ASSERT_LE(now_ - since, kBound) << key.first << " " << key.second.need.benchmark;
    }
  }

  std::mt19937 random_;
  Steady now_{1h};
  TrialQueue queue_;
  Accounts accounts_;
  std::vector<Worker> workers_;
  std::map<SweepId, Sweep> sweeps_;
  std::map<TrialId, QueuedTrial> waits_;
  std::map<std::string, std::int64_t> owner_limits_;
  std::int64_t label_limit_ = 0;
  std::map<std::pair<std::string, LineKey>, Steady> unserved_;
  std::int64_t newest_sweep_ = 0, newest_trial_ = 0;
  int handed_out_ = 0;
};

TEST(OrderHistoryTest, NobodyStarvesAndNoLimitIsExceeded) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    History history(seed);
    for (int i = 0; i < 3000; ++i) {
      history.step(/*submits=*/true);
      if (::testing::Test::HasFatalFailure()) return;
    }
    EXPECT_GT(history.handed_out(), 500);
    history.open_all();
    for (int i = 0; i < 20'000 && history.waiting() > 0; ++i) {
      history.step(/*submits=*/false);
      if (::testing::Test::HasFatalFailure()) return;
    }
    EXPECT_EQ(history.waiting(), 0u) << "once nothing new comes, all of it runs";
  }
}

}  // namespace
}  // namespace oodml::coordinator::scheduling
