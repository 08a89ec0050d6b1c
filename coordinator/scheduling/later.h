#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace oodml::coordinator::scheduling {

/// What is to be done after a mutex is let go: declared before the lock, it runs when the function leaves.
class Later {
 public:
  Later() = default;
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;
  ~Later() {
    for (const auto& task : tasks_) task();
  }
  void add(std::function<void()> task) { tasks_.push_back(std::move(task)); }

 private:
  std::vector<std::function<void()>> tasks_;
};

}  // namespace oodml::coordinator::scheduling
