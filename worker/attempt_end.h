#pragma once

#include <vector>

#include "worker/attempt.h"
#include "worker/coordinator_client.h"

namespace oodml::worker {

/// What whoever has the attempt's turn, its slot or the courier, tells of its end; `events`: those that come with it.
EndReport end_report(const Attempt& attempt, const PendingFinish& finish, std::vector<job::Event> events = {});

/// The coordinator has it.
void close_reported(Attempt& attempt, const EndReport& end);

}  // namespace oodml::worker
