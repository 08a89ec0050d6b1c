#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "oodml/v1/artifacts.pb.h"

namespace oodml::cli {

/// The id in `trial:17`; kInvalidArgument: there is none.
Result<std::int64_t> trial_reference(const std::string& word);

/// Whose files people mean: a sweep by id or name, or one trial as `trial:ID` or `trial ID`, which `trial` is then (0:
/// none). kInvalidArgument: `trial` without an id, or a sweep with one.
Result<v1::ListArtifactsRequest> file_selection(const std::string& command, const std::string& what,
                                                std::int64_t trial);

}  // namespace oodml::cli
