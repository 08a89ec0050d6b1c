#pragma once

#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <utility>

#include "coordinator/service/reply.h"
#include "core/base/result.h"

namespace oodml::coordinator {

/// Waits for what a call of the coordinator's service replies; a failure ends the bench.
template <typename T>
class Answer {
 public:
  Reply<T> reply() {
    return [promise = promise_](Result<T> result) { promise->set_value(std::move(result)); };
  }
  T get() {
    Result<T> result = promise_->get_future().get();
    if (result) return *std::move(result);
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
  }

 private:
  std::shared_ptr<std::promise<Result<T>>> promise_ = std::make_shared<std::promise<Result<T>>>();
};

}  // namespace oodml::coordinator
