#include "worker/passing_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "worker/descriptor.h"

namespace oodml::worker {

Status write_passing_file(const std::filesystem::path& path, std::string_view bytes) {
  OODML_ASSIGN_OR_RETURN(const Descriptor file, open_file(path, O_WRONLY | O_CREAT | O_TRUNC));
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("write " + path.string(), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace oodml::worker
