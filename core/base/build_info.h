#pragma once

#include <string>
#include <string_view>

namespace oodml {

/// What these programs were built from, and how. Only programs and what prints it link oodml::build_info: it changes
/// with every commit (cmake/build_info.cmake).
struct BuildInfo {
  std::string_view version;
  std::string_view commit;  ///< "554b785a1c2d", with "-dirty" behind it where sources were changed since, or "unknown".
  std::string_view type;    ///< "Release"
};

const BuildInfo& build_info();

/// "oodml 0.1.0, commit 554b785a1c2d": what each program answers to --version.
inline std::string version_line(std::string_view program) {
  const BuildInfo& info = build_info();
  return std::string(program) + " " + std::string(info.version) + ", commit " + std::string(info.commit);
}

}  // namespace oodml
