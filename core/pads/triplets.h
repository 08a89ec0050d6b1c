#pragma once

#include <torch/types.h>

#include <memory>
#include <utility>

#include "core/miners/miner.h"

namespace oodml::pads {

/// Who may be drawn for an anchor.
struct DrawOptions {
  bool anchor_as_positive = true;    ///< Else an anchor's positives are the other rows of its class.
  bool same_class_negatives = true;  ///< Negatives come from the whole batch, the anchor included; else other classes.
  bool outer_bins_collect = true;    ///< Distances outside of the limits count as the outer bins; else they weigh 0.
};

/// The options of `no_self_reg` and `merge_oobs`. In paper mode the outer bins always collect (quirk T21).
DrawOptions draw_options(bool no_self_reg, bool merge_oobs, bool compat_paper);

/// Who may be the positive of each anchor: [B, B] bool.
torch::Tensor positive_candidates(const torch::Tensor& labels, const DrawOptions& options);

/// Weight of each row as the negative of each anchor: [B, B] double, p_bin(distance) for those that may be drawn. An
/// anchor all of whose candidates weigh nothing takes them uniformly.
/// embeddings [B, D], labels [B], probabilities [bins] double and edges [bins + 1] double on one device.
torch::Tensor negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                               const torch::Tensor& probabilities, const torch::Tensor& edges,
                               const DrawOptions& options);

/// Every row an anchor; a positive drawn uniformly, a negative by the histogram over its distance to the anchor.
/// Source: Roth et al., CVPR 2020, Sec. 3; docs/samplers.md#pads.
class HistogramMiner final : public miners::Miner {
 public:
  /// edges [bins + 1]; the probabilities [bins] are those that stand there when a batch is mined.
  HistogramMiner(torch::Tensor edges, std::shared_ptr<const torch::Tensor> probabilities, DrawOptions options)
      : edges_(std::move(edges)), probabilities_(std::move(probabilities)), options_(options) {}

  miners::Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  torch::Tensor edges_;  ///< On the device of the batches.
  std::shared_ptr<const torch::Tensor> probabilities_;
  DrawOptions options_;
};

}  // namespace oodml::pads
