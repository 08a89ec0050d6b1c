#include "core/base/file_id.h"

#include <sys/stat.h>

namespace oodml {

std::string file_id(const std::filesystem::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) return "";
  return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

}  // namespace oodml
