#pragma once

#include <string>

#include "worker/exit_classifier.h"

namespace oodml::worker {

/// classify_exit for a program of people's own, which need not say how it ends: exit code 0 is done, 2 a trial that
/// cannot run as it was specified, 126 and 127 what a shell says of a command that is not there; other ends are told by
/// the last line of its output (running out of memory and losses that are no numbers, as PyTorch and Python put it).
Verdict classify_program_exit(const Ending& ending);

}  // namespace oodml::worker
