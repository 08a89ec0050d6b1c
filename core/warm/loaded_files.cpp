#include "core/warm/loaded_files.h"

#include <link.h>

#include <algorithm>

namespace oodml::warm {

LoadedFiles::LoadedFiles() {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  paths.push_back(std::filesystem::read_symlink("/proc/self/exe", error));
  const auto add = [](dl_phdr_info* library, std::size_t, void* list) {
    if (library->dlpi_name[0] == '/') static_cast<decltype(paths)*>(list)->emplace_back(library->dlpi_name);
    return 0;
  };
  ::dl_iterate_phdr(add, &paths);
  for (const std::filesystem::path& path : paths) {
    files_.emplace_back(path, file_stamp(path).value_or(FileStamp{}));
  }
}

bool LoadedFiles::are_unchanged() const {
  return std::ranges::all_of(files_, [](const auto& file) { return file_stamp(file.first) == file.second; });
}

}  // namespace oodml::warm
