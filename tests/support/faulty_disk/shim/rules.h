#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// Inside the preloaded library: what the control file wants done to a call. It may use nothing of the project, and no
/// function that it replaces itself.
namespace oodml::faulty_disk {

enum class Call { kOpen, kWrite, kPwrite, kFsync, kFdatasync, kFtruncate, kRename, kUnlink, kMkdir, kRmdir };

enum class Deed { kPass, kFail, kTear, kLie };

struct Verdict {
  Deed deed = Deed::kPass;
  int error = 0;  ///< of kFail
};

/// Counts the call and says what is to become of it. `other` is the second path of a rename. Does not return when a
/// rule kills the process here.
Verdict judge(Call call, const char* path, const char* other = nullptr);
/// The same for an open file.
Verdict judge(Call call, int descriptor);

/// Whether a rule wants changes of this path written down.
bool is_recorded(const char* path);
/// Appends to the journal beside the control file.
void record(const std::string& head, const void* bytes, std::size_t size);
/// The path of an open file.
std::string path_of(int descriptor);

/// SIGKILL to this process.
[[noreturn]] void die();

/// By how much the wall clock is wrong, in milliseconds.
std::int64_t wall_offset();

}  // namespace oodml::faulty_disk
