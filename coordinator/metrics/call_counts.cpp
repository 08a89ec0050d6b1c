#include "coordinator/metrics/call_counts.h"

namespace oodml::coordinator::metrics {
namespace {

/// Seconds; a long poll waits up to a minute.
const prometheus::Histogram::BucketBoundaries kSeconds = {0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120};

}  // namespace

CallCounts::CallCounts(prometheus::Registry& registry)
    : calls_(prometheus::BuildCounter()
                 .Name("oodml_rpc_calls_total")
                 .Help("gRPC calls that ended, by method and by the code they were answered with")
                 .Register(registry)),
      seconds_(prometheus::BuildHistogram()
                   .Name("oodml_rpc_seconds")
                   .Help("How long gRPC calls took, long polls and streams with their waiting")
                   .Register(registry)) {}

void CallCounts::ended(std::string_view method, StatusCode code, std::chrono::steady_clock::duration took) {
  const std::lock_guard lock(mutex_);
  auto known = methods_.find(method);
  if (known == methods_.end()) {
    known = methods_.emplace(method, Method{}).first;
    known->second.seconds = &seconds_.Add({{"method", known->first}}, kSeconds);
  }
  prometheus::Counter*& calls = known->second.codes[code];
  if (calls == nullptr) calls = &calls_.Add({{"method", known->first}, {"code", to_text(code)}});
  calls->Increment();
  known->second.seconds->Observe(std::chrono::duration<double>(took).count());
}

}  // namespace oodml::coordinator::metrics
