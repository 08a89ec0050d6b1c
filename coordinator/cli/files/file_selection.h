#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "oodml/v1/artifacts.pb.h"

namespace oodml::cli {

/// The id in `trial:17`; kInvalidArgument: there is none.
Result<std::int64_t> trial_reference(const std::string& word);

/// Whose files people mean, as they type it.
struct FileOwners {
  std::string what;                ///< A sweep by id or name, or one trial as `trial:ID` or `trial`.
  std::int64_t trial = 0;          ///< Its id behind `trial`; 0: none.
  std::vector<std::string> where;  ///< Which trials of a sweep.
};
/// kInvalidArgument: `trial` without an id, a sweep with one, or one trial with labels.
Result<v1::ListArtifactsRequest> file_selection(const std::string& command, const FileOwners& owners);

}  // namespace oodml::cli
