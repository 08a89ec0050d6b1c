#pragma once

#include <initializer_list>
#include <string>

#include "core/base/result.h"

namespace oodml {

/// What the programs end with. Scripts, supervisors and the worker, which reads those of a trial, rely on the numbers;
/// docs/operations.md has them as a table, and each program's help those that it uses.
enum ExitCode : int {
  kExitDone = 0,
  kExitFailed = 1,
  kExitUsage = 2,
  kExitIncomplete = 3,
  kExitNotAllowed = 4,
  kExitNotFound = 5,
  kExitConflict = 6,
  kExitUnreachable = 7,
  kExitTimeOver = 8,
  kExitDiskFailed = 74,  ///< EX_IOERR of sysexits.h
  kExitStopped = 75,     ///< EX_TEMPFAIL
  kExitPeerLost = 76,    ///< Between the processes of one trial only: a replica that noticed the end of another.
  kExitInterrupted = 130,
};

/// With which a child ends between fork and exec, as a shell's does that finds no such command. No program of ours.
inline constexpr int kExitNotStarted = 127;

/// "wrong usage, specification or input"
const char* to_text(ExitCode code);

/// "Exit codes: 0 done, 1 failed, ...", in lines of at most 110 characters: the end of a program's help.
std::string exit_codes_help(std::initializer_list<ExitCode> codes);

/// For a failure that the coordinator answered with, or that came of asking it.
ExitCode exit_code_of(StatusCode code);

/// For a failure of work on this machine, where no coordinator is asked: damaged bytes are wrong input, and what is
/// away is a disk or a device.
ExitCode exit_code_here(StatusCode code);

}  // namespace oodml
