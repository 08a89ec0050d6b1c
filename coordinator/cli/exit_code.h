#pragma once

#include "core/base/result.h"

namespace oodml::cli {

/// What `oodml` ends with; scripts rely on these numbers.
enum ExitCode : int {
  kDone = 0,
  kOtherFailure = 1,
  kUsageOrSpecification = 2,
  kIncomplete = 3,  ///< Finished, but some trials failed or have no result.
  kNotAllowed = 4,
  kNotFound = 5,
  kConflict = 6,  ///< The state of the sweep forbids it.
  kUnreachable = 7,
  kInterrupted = 130,
};

ExitCode exit_code_of(StatusCode code);

}  // namespace oodml::cli
