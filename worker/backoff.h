#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/clock.h"
#include "core/base/seeds.h"

namespace oodml::worker {

/// Waits between tries: doubling from `first` to `most`, each shortened by up to half at random, so that a
/// hundred workers do not come back in the same millisecond.
class Backoff {
 public:
  Backoff(Duration first, Duration most, std::uint64_t seed) : first_(first), most_(most), random_(seed) {}

  Duration next() {
    const Duration full = std::min(most_, first_ * (std::int64_t{1} << std::min(tries_, 20)));
    ++tries_;
    return Duration(static_cast<std::int64_t>(static_cast<double>(full.count()) * random_.uniform(0.5, 1.0)));
  }
  void reset() { tries_ = 0; }
  int tries() const { return tries_; }

 private:
  Duration first_, most_;
  Random random_;
  int tries_ = 0;
};

}  // namespace oodml::worker
