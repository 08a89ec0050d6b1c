#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace oodml::worker {

/// What several threads have in hand, each until it says closed().
template <typename T>
class OpenList {
 public:
  void add(std::shared_ptr<T> one) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(one));
  }
  /// Those that are open; closed ones are forgotten.
  std::vector<std::shared_ptr<T>> open() {
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [](const auto& one) { return one->closed(); });
    return all_;
  }

 private:
  std::mutex mutex_;  // guards all_
  std::vector<std::shared_ptr<T>> all_;
};

}  // namespace oodml::worker
