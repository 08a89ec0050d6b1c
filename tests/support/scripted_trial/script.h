#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml::testing {

/// What one attempt of a scripted trial does besides training.
///
/// Read from the file that OODML_SCRIPT names, else from <benchmarks root>/script.json, else everything is normal:
///   {"default": ["normal"], "seeds": {"7": [{"do": "crash", "at_step": 5}, "normal"]}}
/// A list has one entry an attempt (its epoch 1, 2, ...), the last one also for later attempts. An entry is the name of
/// what to do or an object with `do` and any of the fields below.
///   normal        nothing
///   crash         raise `signal`
///   kill_worker   kill the worker that runs it with SIGKILL, and die with it
///   exit          end with exit code `code`, without a last word
///   fail          say failed kind=`kind` message=`message`, end with exit code 1
///   hang          stop moving, SIGTERM included
///   deaf          go on through SIGTERM
///   garbage       write lines that are not messages, then go on
///   torn          write half a line, then die of SIGKILL
///   flood         write `mib` MiB of text to stdout, then go on
///   chatter       say `count` metrics of the set `chatter` at once, then go on
///   grandchild    leave a process behind that holds the event pipe, then go on
///   escapee       the same in a session of its own
///   busy_exit     say done, then end with exit code `code`
struct Script {
  std::string action = "normal";
  std::int64_t at_step = 1;      ///< Before this step (from 0, of the whole trial) it is done.
  std::int64_t steps = 4;        ///< An epoch.
  std::int64_t step_millis = 0;  ///< How long a step takes.
  int signal = 11;
  int code = 3;
  std::string kind = "infrastructure";
  std::string message = "as the script says";
  std::int64_t mib = 1;
  std::int64_t count = 1000;
  std::int64_t checkpoint_mib = 0;  ///< Of each checkpoint, beside its state.
};

Result<Script> read_script(const std::filesystem::path& benchmarks_root, std::int64_t seed, std::int64_t attempt);

}  // namespace oodml::testing
