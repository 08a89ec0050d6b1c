#include "core/scripts/access.h"

#include <algorithm>
#include <system_error>

#include "core/base/printable.h"

namespace oodml::scripts {
namespace fs = std::filesystem;
namespace {

bool stays_inside(const fs::path& path) {
  return !path.empty() && !path.is_absolute() && std::ranges::find(path, fs::path("..")) == path.end();
}

}  // namespace

Result<fs::path> find_script(const Access& access, const std::string& name) {
  const std::string who = "script " + printable(name);
  if (!access.allowed) {
    return failure(StatusCode::kPermissionDenied,
                   who + " is a program of whoever wrote it, and none is run here without --allow-scripts");
  }
  if (!stays_inside(name)) {
    return invalid_argument(who + ": wanted a path below --scripts-root (" + printable(access.root.string()) + ")");
  }
  fs::path file = access.root / name;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return not_found(who + ": no file " + printable(file.string()) + "; name its folder with --scripts-root");
  }
  const auto bytes = fs::file_size(file, error);
  if (error) return system_failure("look at " + file.string(), error.value());
  if (bytes > kMaxScriptBytes) {
    return invalid_argument(who + " has " + std::to_string(bytes) + " bytes; accepted are up to " +
                            std::to_string(kMaxScriptBytes));
  }
  return file;
}

}  // namespace oodml::scripts
