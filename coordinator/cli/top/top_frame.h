#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/top/top_model.h"
#include "coordinator/cli/top/top_view.h"

namespace oodml::cli {

/// Where a frame is shown.
struct TopPlace {
  std::string_view address;     ///< Of the coordinator.
  std::string_view connection;  ///< Empty, or what is wrong with it.
  std::int64_t now_millis = 0;
  std::size_t height = 0;  ///< Lines; 0: as many as there are, and no line about keys.
};

/// `oodml top` as lines of at most style.width columns, at most `height` of them: sweeps with bars and speeds, workers,
/// the queue by owner, the newest failures. A page that is beyond the last one is the last one.
std::vector<std::string> top_frame(const TopModel& model, const TopView& view, const TopPlace& place,
                                   const Style& style);

}  // namespace oodml::cli
