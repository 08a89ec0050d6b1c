#include "core/train/selected_network.h"

#include <map>

namespace oodml::train {

std::optional<std::int64_t> selected_epoch(const std::vector<job::Metric>& history, const SelectionOptions& options,
                                           bool trains) {
  std::map<std::int64_t, double> scores;
  for (const job::Metric& figure : history) {
    const bool counts = figure.name == "e_recall@1" || (figure.name == "mAP_1000" && !options.recall_only);
    if (!counts || figure.set != "val" || figure.embeds != options.embeds) continue;
    if (!(trains && figure.epoch == 0)) scores[figure.epoch] += figure.value;
  }
  std::optional<std::int64_t> selected;
  double best = 0.0;
  for (const auto& [epoch, score] : scores) {
    if (!(score > best)) continue;  // nor where it is NaN
    best = score;
    selected = epoch;
  }
  return selected;
}

void SelectedNetwork::look(const std::vector<job::Metric>& history, std::int64_t epoch,
                           const models::Network& network) {
  if (selected_epoch(history, options_, trains_) != epoch) return;
  network_.clear();
  for (const auto& [name, tensor] : models::state_of(network)) {
    network_[name] = tensor.detach().to(torch::kCPU, /*non_blocking=*/false, /*copy=*/true);
  }
}

}  // namespace oodml::train
