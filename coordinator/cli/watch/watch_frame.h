#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/watch/watch_model.h"

namespace oodml::cli {

/// What `watch` shows on a terminal, as lines of at most style.width columns, at most `height` of them:
/// the sweep with its bar, the trials that run, why others wait, the newest failures. `connection` is empty
/// or says what is wrong with it.
std::vector<std::string> watch_frame(const WatchModel& model, std::string_view connection, std::int64_t now_millis,
                                     std::size_t height, const Style& style);

}  // namespace oodml::cli
