#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/evaluate/command.h"
#include "core/commands/evaluate/measure.h"
#include "core/commands/share_line.h"
#include "core/metrics/evaluation.h"

namespace oodml::commands {

/// How to measure: `usual`, but for what the command line says.
metrics::EvaluationOptions evaluation_of(const EvaluateOptions& options, metrics::EvaluationOptions usual,
                                         ShareLine& line);

/// Takes the values that `work` computes, and how long it took. A failure is about `what`, which it names.
Status take(Measured& measured, const std::string& what,
            const std::function<Result<std::vector<metrics::MetricValue>>()>& work);

/// Notes how many rows, of labels [N], have fewer than `least` rows of their class in `among` [M], all labels in
/// [0, classes): as in the references they count as misses and stay in the mean. `what` says so of them.
void note_misses(const torch::Tensor& labels, const torch::Tensor& among, std::int64_t classes, std::int64_t least,
                 const std::string& what, std::vector<std::string>& notes);

}  // namespace oodml::commands
