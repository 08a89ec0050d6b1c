#pragma once

#include <functional>
#include <string>

#include "core/base/exit_code.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/trial_state.h"

namespace oodml::trial {

/// The last event of a trial and what its process exits with.
struct End {
  job::EventBody event;
  int exit_code = kExitFailed;
  bool peer_lost = false;  ///< It failed because another replica is gone, which will have had its own reason.
};

End failed(job::Outcome kind, std::string message);
End failed(const Status& status);

/// Whose fault a failure with this code was, of which nothing else is known:
///   machine            what lies_in_this_machine: files missing, unreadable or damaged, a full disk, no such device
///   bad_configuration  what the specification asks for and no machine can give
///   infrastructure     the rest: nobody knows
job::Outcome outcome_of(StatusCode code);
/// And that of an error of the GPU, by CUDA's number. What a trial's own kernels can do (a failed assertion, an address
/// out of range) is infrastructure; all else is the device's or its driver's.
job::Outcome outcome_of_cuda_error(int number);

/// Does the work; whatever it throws becomes a failed ending here, and nowhere else.
End caught(const std::function<Result<End>()>& work);

}  // namespace oodml::trial
