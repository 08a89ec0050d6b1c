#pragma once

#include <algorithm>
#include <string_view>

#include "core/job/limits.h"

namespace oodml::worker {

/// Whether a file's name can be announced to the coordinator: 1 to 128 visible characters of ASCII, and not hidden.
inline bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= job::kMaxNameBytes && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > 32 && c < 127; });
}

}  // namespace oodml::worker
