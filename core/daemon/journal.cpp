#include "core/daemon/journal.h"

#include <sys/stat.h>

#include <string>

namespace oodml::daemon {

bool is_journal(int descriptor, std::optional<std::string_view> journal_stream) {
  struct stat info{};
  if (!journal_stream || ::fstat(descriptor, &info) != 0) return false;
  return *journal_stream == std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
}

}  // namespace oodml::daemon
