#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/job/event.h"
#include "core/models/backbone.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// By what validation selects an epoch.
struct SelectionOptions {
  std::string embeds = "embeds";  ///< Of the evaluated embeddings the one whose figures count.
  bool recall_only = false;       ///< Without mAP_1000.
};

/// The epoch whose score e_recall@1 + mAP_1000 of the set val is strictly greater than that of all before it, and than
/// 0; of a run that trains (`trains`) the untrained epoch 0 is none. Nothing where no epoch has one.
/// Source: docs/few_shot.md#which-epoch.
std::optional<std::int64_t> selected_epoch(const std::vector<job::Metric>& history, const SelectionOptions& options,
                                           bool trains);

/// The network of that epoch, by value: what is trained on afterwards does not change it (quirk T4).
class SelectedNetwork {
 public:
  SelectedNetwork(SelectionOptions options, bool trains) : options_(std::move(options)), trains_(trains) {}

  /// After the figures of `epoch` have joined the history.
  void look(const std::vector<job::Metric>& history, std::int64_t epoch, const models::Network& network);
  /// On the CPU; empty before the first epoch is selected.
  const models::NamedTensors& state() const { return network_; }
  void restore(models::NamedTensors network) { network_ = std::move(network); }

 private:
  SelectionOptions options_;
  bool trains_;
  models::NamedTensors network_;
};

}  // namespace oodml::train
