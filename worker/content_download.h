#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "worker/attempt.h"
#include "worker/session.h"

namespace oodml::worker {

/// A content that the coordinator has for a trial.
struct WantedContent {
  std::string name;  ///< For messages.
  std::string sha256;
  std::int64_t bytes = 0;
};

/// Downloads it to `to`, whose folder is made, under the attempt's lease, and verifies it. Not synced. Outages are
/// waited for, up to ten minutes without a byte. kCancelled: the attempt is to stop; kDataLoss: what came is not what
/// was promised.
Status download_content(Session& session, const Attempt& attempt, const WantedContent& wanted,
                        const std::filesystem::path& to);

/// The trial's progress says `fetching`, from an epoch on.
void say_fetching(Session& session, Attempt& attempt, const job::LeasedTrial& leased, std::int64_t epoch);
void say(Session& session, Attempt& attempt, job::EventBody body);

}  // namespace oodml::worker
