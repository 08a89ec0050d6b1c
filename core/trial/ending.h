#pragma once

#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/trial_state.h"

namespace oodml::trial {

enum ExitCode { kExitDone = 0, kExitFailed = 1, kExitUsage = 2, kExitStopped = 75 };

/// The last event of a trial and what its process exits with.
struct End {
  job::EventBody event;
  int exit_code = kExitFailed;
  bool peer_lost = false;  ///< It failed because another replica is gone, which will have had its own reason.
};

End failed(job::Outcome kind, std::string message);
/// What the specification asks for and will never get is its own fault; all else may work another time.
End failed(const Status& status);

/// Does the work; whatever it throws becomes a failed ending here, and nowhere else.
End caught(const std::function<Result<End>()>& work);

}  // namespace oodml::trial
