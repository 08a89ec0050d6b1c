#pragma once

#include "coordinator/cli/local/state_folder.h"
#include "coordinator/cli/session.h"

namespace oodml::cli {

/// Waits for the coordinator and the worker of an earlier `oodml local` of this state folder that was killed: they end
/// by themselves, once running trials have written a checkpoint. kFailedPrecondition when one of them does not within
/// three minutes, kCancelled once there are more interrupts than before.
Status wait_for_earlier_run(Session& session, const StatePaths& state, int interrupts_before);

}  // namespace oodml::cli
