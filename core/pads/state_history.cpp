#include "core/pads/state_history.h"

#include <algorithm>

namespace oodml::pads {
namespace {

/// `row` below the others, of which the newest `keep` stay.
torch::Tensor with_row(const torch::Tensor& rows, const torch::Tensor& row, std::int64_t keep) {
  const auto added = row.to(torch::kDouble).unsqueeze(0);
  if (!rows.defined()) return added.clone();
  const auto all = torch::cat({rows, added});
  return all.slice(0, std::max<std::int64_t>(0, all.size(0) - keep)).clone();
}

torch::Tensor newest(const torch::Tensor& rows, std::int64_t count) {
  return rows.slice(0, std::max<std::int64_t>(0, rows.size(0) - count));
}

/// The newest rows, in the place of those that are missing copies of the first: [count, any].
torch::Tensor filled(const torch::Tensor& rows, std::int64_t count) {
  const std::int64_t missing = count - rows.size(0);
  return missing > 0 ? torch::cat({rows.slice(0, 0, 1).expand({missing, -1}), rows}) : newest(rows, count);
}

}  // namespace

std::int64_t state_size(const StateOptions& options, std::int64_t metrics, std::int64_t bins) {
  return (options.metric_history + std::ssize(options.run_avgs)) * metrics + bins * options.parameter_history + 1;
}

void StateHistory::observe(const torch::Tensor& metrics, const torch::Tensor& probabilities) {
  std::int64_t keep = options_.metric_history;
  for (const std::int64_t window : options_.run_avgs) keep = std::max(keep, window);
  metrics_ = with_row(metrics_, metrics, keep);
  histograms_ = with_row(histograms_, probabilities, options_.parameter_history);
}

torch::Tensor StateHistory::state(double progress) const {
  std::vector<torch::Tensor> parts = {filled(metrics_, options_.metric_history).flatten()};
  for (const std::int64_t window : options_.run_avgs) {
    const auto rows = newest(metrics_, window);
    parts.push_back(options_.run_avgs_no_avg ? rows.select(0, 0) : rows.mean(0));
  }
  parts.push_back(filled(histograms_, options_.parameter_history).flatten());
  parts.push_back(torch::full({1}, progress, torch::kDouble));
  return torch::cat(parts).to(torch::kFloat);
}

models::NamedTensors StateHistory::tensors() const {
  if (!metrics_.defined()) return {};
  return {{"metrics", metrics_}, {"histograms", histograms_}};
}

Status StateHistory::restore(const models::NamedTensors& tensors) {
  if (tensors.empty()) return {};
  const auto metrics = tensors.find("metrics"), histograms = tensors.find("histograms");
  if (tensors.size() != 2 || metrics == tensors.end() || histograms == tensors.end()) {
    return invalid_argument("restore the state of the sampling policy: want 'metrics' and 'histograms'");
  }
  if (metrics->second.dim() != 2 || histograms->second.dim() != 2) {
    return invalid_argument("restore the state of the sampling policy: its histories are no matrices");
  }
  metrics_ = metrics->second;
  histograms_ = histograms->second;
  return {};
}

}  // namespace oodml::pads
