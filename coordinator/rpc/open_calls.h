#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// The calls of one kind that stay open (long polls, streams), so that their number is bounded and a stop can end them.
/// `Call` has `void stop()`, safe at any time.
template <typename Call>
class OpenCalls {
 public:
  explicit OpenCalls(std::size_t limit) : limit_(limit) {}

  /// kUnavailable after stop(), kResourceExhausted when `limit` of them are open.
  Status add(std::shared_ptr<Call> call) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return unavailable("the coordinator is stopping; call again");
    if (calls_.size() >= limit_) {
      return Status(StatusCode::kResourceExhausted, std::to_string(limit_) + " such calls are open already");
    }
    calls_.insert(std::move(call));
    return Status();
  }

  void remove(const std::shared_ptr<Call>& call) {
    const std::lock_guard lock(mutex_);
    calls_.erase(call);
  }

  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  /// Ends what is open and lets nothing in from now on.
  void stop() {
    std::vector<std::shared_ptr<Call>> open;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      open.assign(calls_.begin(), calls_.end());
    }
    for (const auto& call : open) call->stop();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
  }

 private:
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::unordered_set<std::shared_ptr<Call>> calls_;  // guarded by mutex_
  bool stopping_ = false;                            // guarded by mutex_
};

}  // namespace oodml::coordinator::rpc
