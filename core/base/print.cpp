#include "core/base/print.h"

#include <cerrno>
#include <cstdio>

namespace oodml {

Status print_out(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return {};
  return system_failure("stdout cannot be written", errno);
}

void print_note(std::string_view text, std::FILE* out) {
  if (std::fwrite(text.data(), 1, text.size(), out) == text.size()) std::fflush(out);
}

}  // namespace oodml
