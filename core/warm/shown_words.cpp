#include "core/warm/shown_words.h"

#include <linux/prctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "core/base/atomic_file.h"

namespace oodml::warm {
namespace {

/// Of /proc/self/stat, as proc(5) counts them.
enum Field {
  kStartCode = 26,
  kEndCode = 27,
  kStartStack = 28,
  kStartData = 45,
  kEndData = 46,
  kStartHeap = 47,
  kFields = 53
};

Result<std::array<std::uint64_t, kFields>> stat_fields() {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file("/proc/self/stat", 1 << 16));
  std::istringstream words(text.substr(text.rfind(')') + 1));  // the name before it may hold anything
  std::array<std::uint64_t, kFields> fields{};
  std::string word;
  for (std::size_t number = 3; number < fields.size() && words >> word; ++number) {
    fields[number] = std::strtoull(word.c_str(), nullptr, 10);
  }
  return fields;
}

std::string joined_by_nul(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all.append(text).push_back('\0');
  return all;
}

}  // namespace

Status show_words(const std::vector<std::string>& command_line, const std::vector<std::string>& environment) {
  static std::string words, variables;  // where the kernel reads them from now on
  OODML_ASSIGN_OR_RETURN(const auto fields, stat_fields());
  words = joined_by_nul(command_line);
  variables = joined_by_nul(environment);
  const auto address = [](const char* byte) { return reinterpret_cast<std::uintptr_t>(byte); };
  prctl_mm_map map{};
  map.start_code = fields[kStartCode];
  map.end_code = fields[kEndCode];
  map.start_data = fields[kStartData];
  map.end_data = fields[kEndData];
  map.start_brk = fields[kStartHeap];
  map.brk = address(static_cast<const char*>(::sbrk(0)));
  map.start_stack = fields[kStartStack];
  map.arg_start = address(words.data());
  map.arg_end = address(words.data() + words.size());
  map.env_start = address(variables.data());
  map.env_end = address(variables.data() + variables.size());
  map.exe_fd = static_cast<std::uint32_t>(-1);
  if (::prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) != 0) {
    return system_failure("show another command line in /proc", errno);
  }
  return {};
}

}  // namespace oodml::warm
