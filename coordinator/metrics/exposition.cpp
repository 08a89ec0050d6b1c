#include "coordinator/metrics/exposition.h"

#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "coordinator/metrics/gauges.h"
#include "coordinator/metrics/process_figures.h"

namespace oodml::coordinator::metrics {
namespace {

using prometheus::MetricFamily;

constexpr std::chrono::seconds kPause{1};
constexpr int kShare = 20;  // of the time, at most 1 / kShare is spent counting

void append(std::vector<MetricFamily> more, std::vector<MetricFamily>& families) {
  std::ranges::move(more, std::back_inserter(families));
}

}  // namespace

std::vector<MetricFamily> Exposition::counted() {
  const std::lock_guard lock(mutex_);
  const auto begin = clock_.steady_now();
  if (last_ && begin < next_) return *last_;
  const Result<Census> census = take_();
  if (!census) spdlog::warn("metrics: {}", census.error().text());
  const auto end = clock_.steady_now();
  next_ = end + std::max<std::chrono::steady_clock::duration>(kPause, kShare * (end - begin));
  last_ = census ? gauges_of(*census) : std::vector<MetricFamily>();
  last_->push_back(single("oodml_database_up", "1: the database answers; 0: it does not", census ? 1 : 0));
  return *last_;
}

std::string Exposition::text() {
  std::vector<MetricFamily> families = counted();
  append(counters_.collect(), families);
  append(process_figures(), families);
  std::ranges::sort(families, {}, &MetricFamily::name);
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace oodml::coordinator::metrics
