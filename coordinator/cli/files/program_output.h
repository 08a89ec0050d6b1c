#pragma once

#include <cstdint>

#include "coordinator/cli/session.h"
#include "core/base/result.h"

namespace oodml::cli {

struct ProgramOutput {
  std::int64_t trial = 0;
  std::int64_t attempt = 0;  ///< 0: the newest, and when that is over the next.
  bool follow = false;       ///< Until the trial has ended, also while the coordinator is away.
};

/// Prints what a trial's process printed; the exit code.
Result<int> print_program_output(Session& session, const ProgramOutput& wanted);

}  // namespace oodml::cli
