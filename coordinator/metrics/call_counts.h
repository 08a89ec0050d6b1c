#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::coordinator::metrics {

/// gRPC calls by method and code, and how long each method takes. Safe from any thread.
class CallCounts {
 public:
  explicit CallCounts(prometheus::Registry& registry);

  /// `method`: of our own services, so there are few.
  void ended(std::string_view method, StatusCode code, std::chrono::steady_clock::duration took);

 private:
  struct Method {
    prometheus::Histogram* seconds = nullptr;
    std::map<StatusCode, prometheus::Counter*> codes;
  };

  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  std::mutex mutex_;
  std::map<std::string, Method, std::less<>> methods_;  // guarded by mutex_
};

}  // namespace oodml::coordinator::metrics
