#pragma once

#include <cstdint>

/// Inside the preloaded library: what the control file wants done to a call. It may use nothing of the project, and no
/// function that it replaces itself.
namespace oodml::faulty_disk {

enum class Call { kOpen, kWrite, kPwrite, kFsync, kFdatasync, kFtruncate, kRename, kUnlink, kMkdir, kRmdir };

enum class Deed { kPass, kFail, kTear };

struct Verdict {
  Deed deed = Deed::kPass;
  int error = 0;  ///< of kFail
};

/// Counts the call and says what is to become of it. `other` is the second path of a rename. Does not return when a rule
/// kills the process here.
Verdict judge(Call call, const char* path, const char* other = nullptr);
/// The same for an open file.
Verdict judge(Call call, int descriptor);

/// SIGKILL to this process.
[[noreturn]] void die();

/// By how much the wall clock is wrong, in milliseconds.
std::int64_t wall_offset();

}  // namespace oodml::faulty_disk
