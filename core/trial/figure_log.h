#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"

namespace oodml::trial {

/// Where the references log a figure: a sub-logger with groups of segments (docs/training.md#logs).
struct LogPlace {
  std::string sub;      ///< Train, Test, Val, Model Grad, Policy
  std::string group;    ///< embeds_e_recall, loss, time, L2
  std::string segment;  ///< e_recall@1, loss, Grad L2
};
LogPlace log_place_of(const job::Metric& figure);

/// A further form of a trial's figures, for other tools. It is written anew by each attempt, which reports the figures
/// it resumed from first.
class FigureLog {
 public:
  virtual ~FigureLog() = default;
  virtual Status add(const job::Metric& figure) = 0;
  /// What was added can be read from the disk afterwards.
  virtual Status flush() = 0;
};

/// Several as one.
class FigureLogs {
 public:
  void add(std::unique_ptr<FigureLog> log) { logs_.push_back(std::move(log)); }
  /// Adds a figure; a checkpoint or a warning brings what was added to the disk.
  Status observe(const job::EventBody& event);
  Status flush();

 private:
  std::vector<std::unique_ptr<FigureLog>> logs_;
};

}  // namespace oodml::trial
