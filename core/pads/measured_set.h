#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/pads/measures.h"
#include "core/train/sampling_policy.h"

namespace oodml::pads {

struct MeasuredSet {
  train::SamplingPolicy::Answer answer = train::SamplingPolicy::Answer::kGoOn;
  std::vector<double> values;  ///< In the order of metric_names(), when the answer is kGoOn.
};

/// Embeds and measures a set as it is now, the same figures on every replica. In paper mode the network stays in
/// training mode and k-means makes more iterations (quirk T21). The failure names the set (`name`) and what cannot be
/// measured.
Result<MeasuredSet> measure_set(const std::shared_ptr<const data::Dataset>& dataset, const std::string& name,
                                const MeasureOptions& options, bool compat_paper, const train::PolicyTools& tools);

}  // namespace oodml::pads
