#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "coordinator/scheduling/worker_table.h"

namespace oodml::coordinator::scheduling {

/// What each owner of sweeps had of the slots lately, and has. Use is slot seconds; what lies a half-life back counts
/// half. Not thread-safe.
class FairShare {
 public:
  static constexpr Duration kHalfLife = std::chrono::hours(24);
  static constexpr Duration kAhead = std::chrono::hours(2);  ///< That a running trial is taken to go on for.
  static constexpr Duration kForgotten = 10 * kHalfLife;     ///< What ended longer ago counts less than a thousandth.
  static constexpr double kUsualWeight = 1, kSmallestWeight = 0.001, kLargestWeight = 1000;

  void set_weight(const std::string& owner, double weight) { owners_[owner].weight = weight; }
  double weight(const std::string& owner) const;

  /// A trial of the owner has begun, or is no longer running, now.
  void begin(const std::string& owner, Steady now);
  void end(const std::string& owner, Steady now);
  std::int64_t running(const std::string& owner) const;
  /// All that were ever heard of.
  std::set<std::string> owners() const;

  /// Adds a trial that ran from `began` ago until `ended` ago, as a restart finds it in the database.
  void remember(const std::string& owner, Duration began, Duration ended, Steady now);

  /// Slot seconds that count now; running trials count with kAhead on top, so that slots which become free together do
  /// not all go to one owner.
  double used(const std::string& owner, Steady now) const;
  /// used by weight, a slot that it would get now counted half: the smallest goes first.
  double level(const std::string& owner, Steady now) const;
  /// How much a trial more adds to it.
  double step(const std::string& owner) const;

 private:
  struct Use {
    double weight = kUsualWeight;
    double seconds = 0;  ///< as of `at`
    Steady at{};
    std::int64_t running = 0;
  };
  static double faded(const Use& use, Steady now);
  Use& brought_to(const std::string& owner, Steady now);

  std::map<std::string, Use> owners_;
};

}  // namespace oodml::coordinator::scheduling
