#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/job/event.h"

namespace oodml::train {

/// A metric that is a vector (rho_spectrum@0) as it was measured last. It goes to results.json, not to the events.
struct VectorFigure {
  std::int64_t epoch = 0;
  std::string set, embeds, name;  ///< As in job::Metric.
  std::vector<double> values;
  friend bool operator==(const VectorFigure&, const VectorFigure&) = default;
};

/// Where a training run stands, beside the tensors: with them, all that the rest of the run depends on.
struct RunState {
  std::int64_t epoch = 0;             ///< Epochs finished.
  std::int64_t step = 0;              ///< Steps finished in the running epoch.
  std::int64_t finite_losses = 0;     ///< Of those steps.
  double loss_sum = 0.0;              ///< Over the finite ones.
  double seconds = 0.0;               ///< Spent training in the running epoch.
  std::int64_t evaluated = -1;        ///< The last epoch whose evaluation is complete or was not due; -1: none yet.
  std::vector<job::Metric> history;   ///< Every figure reported so far, in order.
  std::vector<VectorFigure> vectors;  ///< One a set, embedding and metric.
};

/// Puts `figure` in the place of the one with its set, embeds and name.
void replace(std::vector<VectorFigure>& vectors, VectorFigure figure);

/// Reads back bit for bit; NaN is written as null.
std::string to_json(const RunState& state);
/// kDataLoss when it is not what to_json writes.
Result<RunState> parse_run_state(std::string_view json);

}  // namespace oodml::train
