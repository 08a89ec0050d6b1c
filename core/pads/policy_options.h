#pragma once

#include <cstdint>

#include "core/base/params.h"
#include "core/pads/agent.h"
#include "core/pads/measures.h"
#include "core/pads/triplets.h"

namespace oodml::pads {

/// The parameters of the sampler `pads` with their types.
struct PolicyOptions {
  AgentOptions agent;
  DrawOptions draws;
  MeasureOptions measures;
  std::int64_t sample_freq = 30;           ///< M: calls between two updates.
  std::int64_t sup_metric_collect = -1;    ///< T: further scores collected for an update; below 1 for none.
  std::int64_t training_delay = 0;         ///< First epochs without the policy.
  std::int64_t scramble_freq = 100000000;  ///< Epochs between two new splits of training and validation images.
  bool include_train_metrics = false;      ///< The policy also sees the metrics of the training set.
  bool compat_paper = false;               ///< Quirk T21.
};

/// Of the catalogue's sampler pads, every parameter written out.
PolicyOptions policy_options(const Params& params, bool compat_paper);

}  // namespace oodml::pads
