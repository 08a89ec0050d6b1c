#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "tests/integration/recorded_cluster.h"

namespace oodml::testing {

/// A cluster of ten workers with short trials, and someone who at random moments kills, pauses and cuts off its
/// processes and loses or delays their messages.
class Rehearsal {
 public:
  Rehearsal(std::filesystem::path folder, std::uint64_t seed);

  /// So many faults, one after the other, while there is always work.
  void suffer(int faults);
  /// Everything is mended; until every trial has its result, as a person sees to it, or false.
  bool recover(std::chrono::seconds within);

  RecordedCluster& cluster() { return cluster_; }
  /// Sweeps submitted: each has kSweepTrials trials, rehearsal-0 those with the first seeds, and so on.
  int sweeps() const { return sweeps_; }
  /// How often each kind of fault happened.
  const std::map<std::string, int>& happened() const { return happened_; }

  static constexpr int kWorkers = 10;
  static constexpr int kSweepTrials = 30;
  static constexpr std::chrono::milliseconds kTerm{4000};  ///< of a lease

 private:
  using Clock = std::chrono::steady_clock;
  struct Fault {
    std::string name;
    int weight;
    std::function<void()> happen;
  };

  std::vector<Fault> faults();
  void kill_coordinator();
  void pause_coordinator();
  void kill_worker();
  void pause_worker();
  void cut_off_worker();
  void kill_trial();
  void break_next_call(CallFault fault);
  CallFault fault_of(const std::string& method);
  void keep_busy();
  void help_along();

  std::string some_worker();
  std::chrono::milliseconds between(int least, int most);
  void later(std::chrono::milliseconds wait, std::function<void()> mend);
  void mend(Clock::time_point until);

  std::mutex mutex_;  // guards to_break_: the recorder asks from its own threads
  std::multimap<std::string, CallFault> to_break_;
  RecordedCluster cluster_;
  std::mt19937_64 random_;
  int sweeps_ = 0;
  std::map<std::string, int> happened_;
  std::multimap<Clock::time_point, std::function<void()>> mends_;
  Clock::time_point next_help_{};
};

}  // namespace oodml::testing
