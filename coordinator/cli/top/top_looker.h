#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "coordinator/cli/client.h"
#include "coordinator/cli/top/top_model.h"
#include "core/base/result.h"

namespace oodml::cli {

/// Looks at a coordinator. Three calls a look; estimates and failures, which are a call or, where a thousand trials
/// failed, some for each sweep, are remembered and asked for again when a sweep has more failures, or after half a
/// minute.
class TopLooker {
 public:
  /// `details`: of so many sweeps, at most, are estimate and failures asked for.
  Result<TopLook> look(Client& client, std::int64_t now_millis, std::size_t details);

  static constexpr std::int64_t kDetailMillis = 30'000;

 private:
  struct Detail {
    std::int64_t asked_millis = 0, failed = 0;
    v1::Estimate estimate;
    std::vector<v1::TrialSummary> failures;
  };
  std::vector<const v1::SweepSummary*> due(const v1::ListReply& sweeps, std::int64_t now_millis) const;
  void add_details(TopLook& look) const;

  std::map<std::int64_t, Detail> details_;  ///< By sweep.
};

}  // namespace oodml::cli
