#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/ids.h"

namespace oodml::job {

/// A worker's id is its name, a dash and so many hexadecimal digits, which its state folder keeps.
inline constexpr std::size_t kWorkerSuffixDigits = 8;

/// The name of a worker: what --name says. An id without such an end is its own name.
inline std::string worker_name(const WorkerId& worker) {
  const std::string_view id = worker.value;
  if (id.size() < kWorkerSuffixDigits + 2) return worker.value;
  const std::size_t dash = id.size() - kWorkerSuffixDigits - 1;
  const bool has_suffix =
      id[dash] == '-' && id.find_first_not_of("0123456789abcdef", dash + 1) == std::string_view::npos;
  return std::string(has_suffix ? id.substr(0, dash) : id);
}

}  // namespace oodml::job
