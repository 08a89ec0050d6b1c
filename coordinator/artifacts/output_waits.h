#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "coordinator/service/artifacts.h"

namespace oodml::coordinator::artifacts {

/// Who waits for more of an output, without a thread each. Every one is answered once: with bytes, or with none when
/// its time is over, it is cancelled, or everything stops.
class OutputWaits : public std::enable_shared_from_this<OutputWaits> {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  struct Waiting {
    OutputQuery query;  ///< With the offset at which more is wanted.
    OutputPiece none;   ///< The answer when nothing comes.
    Steady deadline;
    Reply<OutputPiece> reply;
  };

  /// Takes it until it is answered; at once after stop().
  std::shared_ptr<Waiting> add(Waiting waiting);
  /// What answers it with nothing when it is cancelled.
  std::shared_ptr<Pending> handle_of(const std::shared_ptr<Waiting>& waiting);
  /// Those that wait for a trial.
  std::vector<std::shared_ptr<Waiting>> of(TrialId trial) const;
  /// Nothing happens when it has its answer already.
  void answer(const std::shared_ptr<Waiting>& waiting, Result<OutputPiece> piece);
  /// Answers those whose time is over.
  void tick(Steady now);
  void stop();

 private:
  void answer_where(const std::function<bool(const Waiting&)>& is_due);

  mutable std::mutex mutex_;
  std::list<std::shared_ptr<Waiting>> waiting_;  // guarded by mutex_
  bool stopped_ = false;                         // guarded by mutex_
};

}  // namespace oodml::coordinator::artifacts
