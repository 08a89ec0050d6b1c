#include "core/pads/measured_set.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include "core/collective/collective.h"
#include "core/metrics/evaluation.h"
#include "core/train/evaluation_set.h"

namespace oodml::pads {
namespace {

using Answer = train::SamplingPolicy::Answer;

constexpr int kPaperClusterIterations = 25;  // a misspelt attribute leaves the library's default

metrics::EvaluationOptions evaluation_options(const MeasureOptions& options, bool compat_paper,
                                              const train::PolicyTools& tools) {
  metrics::EvaluationOptions wanted{.metrics = metric_names(options), .compat_paper = compat_paper};
  if (compat_paper) wanted.cluster_iterations = kPaperClusterIterations;
  wanted.keep_going = tools.goes_on;
  return wanted;
}

Result<std::vector<double>> evaluated(const torch::Tensor& rows, const data::Dataset& dataset,
                                      const metrics::EvaluationOptions& options) {
  OODML_ASSIGN_OR_RETURN(const auto values, metrics::evaluate(rows, train::labels_of(dataset), options));
  std::vector<double> numbers;
  for (const metrics::MetricValue& metric : values) {
    if (!std::isfinite(metric.value)) {
      return invalid_argument(metric.name + " is not finite; leave it out of state_metrics");
    }
    numbers.push_back(metric.value);
  }
  return numbers;
}

/// The first replica's are taken: clusters may differ by device.
void share(std::vector<double>& values, const train::PolicyTools& tools) {
  if (tools.replicas->alone()) return;
  auto shared = torch::tensor(values, torch::kDouble).to(tools.device);
  tools.replicas->broadcast(shared, 0);
  const auto back = shared.cpu();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = back.const_data_ptr<double>()[i];
}

}  // namespace

Result<MeasuredSet> measure_set(const std::shared_ptr<const data::Dataset>& dataset, const std::string& name,
                                const MeasureOptions& options, bool compat_paper, const train::PolicyTools& tools) {
  OODML_ASSIGN_OR_RETURN(const auto rows, tools.embed(dataset, /*training_mode=*/compat_paper));
  if (!rows) return MeasuredSet{Answer::kStop, {}};
  if (!rows->isfinite().all().item<bool>()) return MeasuredSet{Answer::kNotFinite, {}};
  std::vector<double> values(metric_names(options).size());
  if (tools.replicas->rank() == 0) {
    auto own = evaluated(*rows, *dataset, evaluation_options(options, compat_paper, tools));
    if (!own && own.error().code() == StatusCode::kCancelled) return MeasuredSet{Answer::kStop, {}};
    if (!own) {
      return failure(own.error().code(), "sampler pads: measure the " + name + " set: " + own.error().message());
    }
    values = *std::move(own);
  }
  share(values, tools);
  return MeasuredSet{Answer::kGoOn, std::move(values)};
}

}  // namespace oodml::pads
