#include "core/train/evaluation_set.h"

#include <cmath>

namespace oodml::train {

torch::Tensor labels_of(const data::Dataset& dataset) {
  std::vector<std::int64_t> labels;
  labels.reserve(dataset.samples.size());
  for (const auto& sample : dataset.samples) labels.push_back(sample.label);
  return torch::tensor(labels, torch::kLong);
}

Result<SetFigures> measure(const EvaluationSet& set, const torch::Tensor& rows, const std::string& embeds,
                           std::int64_t epoch, const std::function<bool()>& keep_going) {
  metrics::EvaluationOptions options = set.options;
  options.keep_going = keep_going;
  const auto values = metrics::evaluate(rows, labels_of(*set.dataset), options);
  if (!values) {
    return failure(values.error().code(), "evaluate the " + set.name + " set: " + values.error().message());
  }
  SetFigures measured;
  for (const metrics::MetricValue& metric : *values) {
    if (!metric.values.empty()) {
      measured.vectors.push_back({epoch, set.name, embeds, metric.name, metric.values});
      continue;
    }
    // An event holds no infinity; rho_spectrum@m of rows with a singular value of zero is one.
    const double value = std::isinf(metric.value) ? std::nan("") : metric.value;
    measured.figures.push_back({epoch, set.name, embeds, metric.name, value});
  }
  return measured;
}

}  // namespace oodml::train
