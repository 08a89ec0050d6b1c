#pragma once

#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// Whether the coordinator hears of the worker, so that its slots count.
inline bool is_connected(const v1::WorkerSummary& worker) {
  return worker.state() != "left" && worker.state() != "lost" && worker.state() != "not answering";
}

}  // namespace oodml::cli
