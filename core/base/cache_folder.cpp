#include "core/base/cache_folder.h"

#include <cstdlib>

namespace oodml {

namespace fs = std::filesystem;

fs::path cache_folder() {
  if (const char* own = std::getenv("OODML_CACHE")) return own;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg == '/') return fs::path(xdg) / "oodml";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fs::path(home) / ".cache" / "oodml" : fs::path();
}

}  // namespace oodml
