#pragma once

#include <cstdint>
#include <string>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "oodml/v1/upkeep.pb.h"

namespace oodml::cli {

/// `oodml db stats`.
std::string stats_text(const v1::GetStatsReply& reply, const Style& style);
Json json_of(const v1::GetStatsReply& reply);

/// What a deletion would free: "Sweep 3 smoke goes with 12 trials ...", without an end.
std::string removal_text(const v1::RemoveReply& reply);
Json json_of(const v1::RemoveReply& reply);

}  // namespace oodml::cli
