#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::include_test {

inline std::filesystem::path source_root() { return std::getenv("OODML_SOURCE"); }

/// The files below these folders of the tree that have one of these endings, from its root, sorted.
inline std::vector<std::string> files_below(std::initializer_list<const char*> folders,
                                            std::initializer_list<std::string_view> endings) {
  std::vector<std::string> paths;
  for (const char* folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_root() / folder)) {
      const std::string ending = entry.path().extension();
      const bool wanted = std::find(endings.begin(), endings.end(), ending) != endings.end();
      if (wanted) paths.push_back(entry.path().lexically_relative(source_root()));
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// The text of a file of the tree; empty when there is none.
inline std::string content_of(const std::string& path) {
  std::ifstream file(source_root() / path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace oodml::include_test
