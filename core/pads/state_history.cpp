#include "core/pads/state_history.h"

#include <algorithm>

namespace oodml::pads {
namespace {

/// `row` below the others, of which the newest `keep` stay; the first one as often as `fill` says.
torch::Tensor with_row(const torch::Tensor& rows, const torch::Tensor& row, std::int64_t fill, std::int64_t keep) {
  const auto added = row.to(torch::kDouble).unsqueeze(0);
  if (!rows.defined()) return added.repeat({fill, 1});
  const auto all = torch::cat({rows, added});
  return all.slice(0, std::max<std::int64_t>(0, all.size(0) - keep)).clone();
}

torch::Tensor newest(const torch::Tensor& rows, std::int64_t count) {
  return rows.slice(0, std::max<std::int64_t>(0, rows.size(0) - count));
}

}  // namespace

std::int64_t state_size(const StateOptions& options, std::int64_t metrics, std::int64_t bins) {
  return (options.metric_history + std::ssize(options.run_avgs)) * metrics + bins * options.parameter_history + 1;
}

void StateHistory::observe(const torch::Tensor& metrics, const torch::Tensor& probabilities) {
  const std::int64_t fill = std::max<std::int64_t>(options_.metric_history, 2);
  std::int64_t keep = fill;
  for (const std::int64_t window : options_.run_avgs) keep = std::max(keep, window);
  metrics_ = with_row(metrics_, metrics, fill, keep);
  histograms_ = with_row(histograms_, probabilities, options_.parameter_history, options_.parameter_history);
}

torch::Tensor StateHistory::state(double progress) const {
  std::vector<torch::Tensor> parts = {newest(metrics_, options_.metric_history).flatten()};
  for (const std::int64_t window : options_.run_avgs) {
    const auto rows = newest(metrics_, window);
    parts.push_back(options_.run_avgs_no_avg ? rows.select(0, 0) : rows.mean(0));
  }
  parts.push_back(histograms_.flatten());
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
