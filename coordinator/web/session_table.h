#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "coordinator/rpc/tokens.h"
#include "core/base/clock.h"

namespace oodml::coordinator::web {

/// One browser that has logged in.
struct Session {
  std::string token;  ///< What it logged in with; its calls carry it. Empty: it came by a one-time link.
  std::string csrf;   ///< What a page of ours repeats with each call, and another site's cannot know.
  std::chrono::steady_clock::time_point last_used{}, ends{};
};

/// The sessions of this coordinator's run. An id is a secret of 256 random bits that only the browser keeps; here it
/// stands as SHA-256. Thread-safe.
class SessionTable {
 public:
  static constexpr std::chrono::hours kIdle{12};         ///< A session ends so long after its last use,
  static constexpr std::chrono::hours kLongest{24 * 7};  ///< and so long after its begin.
  static constexpr std::size_t kMost = 1000;             ///< The one that was used longest ago makes room.

  explicit SessionTable(const Clock& clock) : clock_(clock) {}

  /// The new session's id.
  std::string open(std::string token);
  /// The session, which counts as used now; nullopt: there is none, or it is over.
  std::optional<Session> find(const std::string& id);
  void close(const std::string& id);
  std::size_t size() const;

 private:
  void forget_those_that_are_over();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Session> sessions_;  // guarded by mutex_; by the digest of their id
};

}  // namespace oodml::coordinator::web
