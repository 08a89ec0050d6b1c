#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/job/event.h"
#include "core/metrics/evaluation.h"
#include "core/train/run_state.h"

namespace oodml::train {

/// A set that is embedded and measured.
struct EvaluationSet {
  std::string name;  ///< test, train, val
  std::shared_ptr<const data::Dataset> dataset;
  metrics::EvaluationOptions options;
};

/// What was measured of a set.
struct SetFigures {
  std::vector<job::Metric> figures;
  std::vector<VectorFigure> vectors;  ///< The metrics that are vectors.
};

/// [N] int64 on the CPU: the label of every sample, in the set's order.
torch::Tensor labels_of(const data::Dataset& dataset);

/// The metrics of `rows`, a row a sample of the set, as figures of the embeddings `embeds` after `epoch` epochs.
/// kCancelled when keep_going said no; other failures name the set.
Result<SetFigures> measure(const EvaluationSet& set, const torch::Tensor& rows, const std::string& embeds,
                           std::int64_t epoch, const std::function<bool()>& keep_going);

}  // namespace oodml::train
