#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/job/event.h"

namespace oodml::trial {

/// The events of a trial for a person: one line an epoch, and on a terminal below it a line that is redrawn
/// with step, loss, newest recall, speed and time left. Nothing of it can fail: a terminal may be closed meanwhile.
class Console {
 public:
  enum class Mode {
    kTerminal,  ///< stderr, with the redrawn line
    kLines,     ///< stdout, one line an epoch
    kSilent,
  };
  Console(Mode mode, std::int64_t batch_size, const Clock& clock);

  void show(const job::EventBody& body);
  void set_batch_size(std::int64_t batch_size) { batch_size_ = batch_size; }

 private:
  void show_metric(const job::Metric& metric);
  void show_progress(const job::Progress& progress);
  void finish_epoch();
  void print(const std::string& line);
  void redraw(const std::string& line);

  Mode mode_;
  std::int64_t batch_size_;
  const Clock& clock_;
  std::vector<job::Metric> epoch_;  ///< Figures of an epoch that is not printed yet.
  std::string newest_recall_;
  std::int64_t last_step_ = -1;
  std::chrono::steady_clock::time_point last_time_;
  std::string speed_;
  bool line_is_open_ = false;
};

}  // namespace oodml::trial
