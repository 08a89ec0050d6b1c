#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "core/base/clock.h"

namespace oodml::coordinator::web {

/// How often an address may guess tokens: a few times freely, then after pauses that double. Of IPv6 a /64 counts as
/// one address, as a machine has all of one. Thread-safe.
class LogInLimit {
 public:
  static constexpr int kFree = 5;                        ///< failures without a pause
  static constexpr std::chrono::seconds kFirstPause{1};  ///< after one more; doubles with each
  static constexpr std::chrono::seconds kLongestPause{300};
  static constexpr std::chrono::seconds kForgotten{3600};  ///< An address without a failure for so long is new.
  static constexpr std::size_t kMost = 10'000;             ///< addresses; the one that failed longest ago makes room

  explicit LogInLimit(const Clock& clock) : clock_(clock) {}

  /// How long `address` has to wait before its next try; 0: it may try now.
  std::chrono::seconds pause_of(const std::string& address) const;
  void failed(const std::string& address);
  void succeeded(const std::string& address);

 private:
  struct Failures {
    int times = 0;
    std::chrono::steady_clock::time_point newest{}, again_at{};
  };
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Failures> failures_;  // guarded by mutex_
};

}  // namespace oodml::coordinator::web
