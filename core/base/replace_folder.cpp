#include "core/base/replace_folder.h"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/atomic_file.h"

namespace oodml {
namespace fs = std::filesystem;
namespace {

/// The file system has no exchange (NFS, some FUSE), or the kernel has none.
bool cannot_exchange(int error) { return error == EINVAL || error == ENOSYS || error == ENOTSUP; }

Status move_to(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_failure("rename " + from.string() + " to " + to.filename().string(), errno);
}

/// The old one makes room, and goes when the new one stands.
Status replace_in_steps(const fs::path& fresh, const fs::path& target) {
  const fs::path aside = target.string().append(kReplacedSuffix);
  std::error_code error;
  if (fs::exists(target, error)) {
    OODML_RETURN_IF_ERROR(remove_folder(aside));
    OODML_RETURN_IF_ERROR(move_to(target, aside));
  }
  if (Status moved = move_to(fresh, target); !moved.ok()) {
    if (fs::exists(aside, error))
      (void)move_to(aside, target);  // else finish_replacements does it; the first failure counts
    return moved;
  }
  OODML_RETURN_IF_ERROR(sync_folder(target.parent_path()));
  return remove_folder(aside);
}

}  // namespace

Status remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  return error ? Status(system_failure("remove " + folder.string(), error.value())) : Status();
}

Status replace_folder(const fs::path& fresh, const fs::path& target) {
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    OODML_RETURN_IF_ERROR(sync_folder(target.parent_path()));
    return remove_folder(fresh);  // under this name it is the old one now
  }
  const int error = errno;
  if (error == ENOENT || cannot_exchange(error)) return replace_in_steps(fresh, target);
  return system_failure("exchange " + fresh.string() + " and " + target.filename().string(), error);
}

Status finish_replacements(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> asides;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().ends_with(kReplacedSuffix)) asides.push_back(it->path());
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return system_failure("list " + folder.string(), error.value());
  for (const fs::path& aside : asides) {
    const std::string text = aside.string();
    const fs::path plain = text.substr(0, text.size() - kReplacedSuffix.size());
    OODML_RETURN_IF_ERROR(fs::exists(plain, error) ? remove_folder(aside) : move_to(aside, plain));
  }
  return asides.empty() ? Status() : sync_folder(folder);
}

}  // namespace oodml
