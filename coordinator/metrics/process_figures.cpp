#include "coordinator/metrics/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include "coordinator/metrics/gauges.h"

namespace oodml::coordinator::metrics {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

/// /proc/self/stat, as proc(5) counts its fields; those before are of no interest.
struct Stat {
  double user_ticks = 0, system_ticks = 0;  // fields 14 and 15
  double threads = 0;                       // 20
  double start_ticks = 0;                   // 22, since the machine started
  double resident_pages = 0;                // 24
};

std::optional<Stat> read_stat() {
  std::ifstream file("/proc/self/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto name_end = text.rfind(')');  // a program's name may hold spaces and brackets
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  const auto skip = [&](int count) {
    while (count-- > 0) fields >> skipped;
  };
  Stat stat;
  skip(11);
  fields >> stat.user_ticks >> stat.system_ticks;
  skip(4);
  fields >> stat.threads;
  skip(1);
  fields >> stat.start_ticks;
  skip(1);
  fields >> stat.resident_pages;
  return fields ? std::optional(stat) : std::nullopt;
}

/// Seconds since the epoch at which the machine started.
std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code error;
  std::filesystem::directory_iterator folder("/proc/self/fd", error);
  double count = -1;  // the one that reads the folder
  for (; !error && folder != std::filesystem::directory_iterator(); folder.increment(error)) ++count;
  return error ? std::nullopt : std::optional(count);
}

}  // namespace

std::vector<MetricFamily> process_figures() {
  std::vector<MetricFamily> families;
  const auto add = [&](const char* name, const char* help, double value, MetricType type = MetricType::Gauge) {
    families.push_back(single(name, help, value, type));
  };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  if (const auto stat = read_stat()) {
    add("process_cpu_seconds_total", "Time on processors, of the program and of the system for it",
        (stat->user_ticks + stat->system_ticks) / ticks, MetricType::Counter);
    add("process_resident_memory_bytes", "Memory that is not swapped out",
        stat->resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    add("process_threads", "Threads", stat->threads);
    if (const auto boot = boot_time()) {
      add("process_start_time_seconds", "When the process began, since the epoch", *boot + stat->start_ticks / ticks);
    }
  }
  if (const auto files = open_files()) add("process_open_fds", "Open files and connections", *files);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    add("process_max_fds", "How many may be open", static_cast<double>(limit.rlim_cur));
  }
  return families;
}

}  // namespace oodml::coordinator::metrics
