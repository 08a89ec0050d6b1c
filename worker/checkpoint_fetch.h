#pragma once

#include "worker/attempt.h"
#include "worker/session.h"

namespace oodml::worker {

/// Where the coordinator has a checkpoint of an earlier attempt (job::LeasedTrial::resume_from) that is newer than
/// every whole one on this disk, downloads it, and the best epochs beside it, into the attempt's folder, from which its
/// process resumes as from its own: verified, synced, in its place whole or not at all. The trial's progress says
/// `fetching`.
///
/// Outages are waited for, up to ten minutes without a byte. What fails then, or is not what was promised, is a warning
/// of the trial, which goes on from what is on this disk, or starts over. Ends early when the attempt is to stop.
void fetch_checkpoint(Session& session, const job::LeasedTrial& leased, const RunDirectory& directory,
                      Attempt& attempt);

}  // namespace oodml::worker
