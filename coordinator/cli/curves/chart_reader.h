#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/cli/client.h"
#include "coordinator/cli/curves/chart.h"
#include "coordinator/cli/curves/sweep_chart.h"

namespace oodml::cli::curves {

/// The figures of trials, asked for anew as they go on: only what has come since the last time is read.
class FigureReader {
 public:
  Status refresh(Client& client, const v1::TrialSummary& trial);
  const TrialFigures& of(std::int64_t trial) const { return trials_.at(trial).figures; }

 private:
  struct Trial {
    TrialFigures figures;
    v1::MetricCursor seen;
    bool has_ended = false;
  };
  std::map<std::int64_t, Trial> trials_;
};

/// What a person wants to see.
struct Wanted {
  std::int64_t trial = 0;  ///< 0: the sweep.
  v1::SweepRef sweep;
  std::vector<std::string> metrics, by;
  google::protobuf::RepeatedPtrField<v1::Label> filter;
  std::string sort;
  std::size_t most_rows = kLooks;
};

/// A sweep or a trial as it is now.
struct Reading {
  Chart chart;
  bool has_ended = false;  ///< Nothing more will come by itself.
  std::string again;       ///< What a person types to see it again: "3", "trial 17".
};

/// Failures are those of the calls, and kInvalidArgument for what `wanted` names and is not there.
Result<Reading> read_chart(Client& client, FigureReader& figures, const Wanted& wanted, std::int64_t now_millis);

}  // namespace oodml::cli::curves
