#include <map>

#include "coordinator/cli/local/local_run.h"
#include "coordinator/cli/output/text.h"

namespace oodml::cli {

Status StuckDetector::look(const v1::SweepSummary& sweep, bool worker_idle, const v1::GetReply& waiting,
                           std::chrono::steady_clock::time_point now) {
  const auto& counts = sweep.counts();
  const bool still = worker_idle && counts.queued() > 0 && counts.running() == 0 && counts.backoff() == 0;
  if (!still) {
    still_since_.reset();
    return {};
  }
  if (!still_since_) still_since_ = now;
  std::map<std::string, std::int64_t> trials_by_reason;
  bool all_have_reasons = true;
  for (const auto& trial : waiting.trials()) {
    all_have_reasons = all_have_reasons && !trial.waiting_for().empty();
    if (!trial.waiting_for().empty()) ++trials_by_reason[one_line(trial.waiting_for())];
  }
  if (now - *still_since_ < (all_have_reasons ? kPatience : kPatienceWithoutReason)) return {};
  std::string text = "nothing can run: " + counted(counts.queued(), "trial") +
                     (counts.queued() == 1 ? " waits" : " wait") + " and the worker takes none";
  for (const auto& [reason, n] : trials_by_reason) text += "\n  " + counted(n, "trial") + ": " + reason;
  return failed_precondition(text);
}

}  // namespace oodml::cli
