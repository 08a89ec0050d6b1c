#include "worker/stray_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/atomic_file.h"

namespace oodml::worker {
namespace {

constexpr std::size_t kMaxEnvironment = 4 << 20;

std::string environment_of(const std::string& pid) {
  const int fd = ::open(("/proc/" + pid + "/environ").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  std::string text;
  char buffer[1 << 14];
  ssize_t count = 0;
  while (text.size() < kMaxEnvironment && (count = ::read(fd, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(fd);
  return text;
}

bool carries(std::string_view environment, std::string_view mark) {
  const bool prefix = mark.back() == '/';
  while (!environment.empty()) {
    const std::string_view entry = environment.substr(0, environment.find('\0'));
    if (prefix ? entry.starts_with(mark) : entry == mark) return true;
    environment.remove_prefix(std::min(environment.size(), entry.size() + 1));
  }
  return false;
}

std::vector<std::string> process_numbers() {
  std::vector<std::string> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), &::closedir);
  if (folder == nullptr) return numbers;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0) numbers.emplace_back(entry->d_name);
  }
  return numbers;
}

constexpr pid_t kFew = 64;                 // numbers that are asked for one by one
constexpr std::int64_t kForksAMilli = 20;  // of a processor that does nothing else; none does more

/// The last number of a file below /proc; 0 where there is none.
std::int64_t last_number(const char* path) {
  const std::string text = read_file(path, 4096).value_or("");
  return std::atoll(text.substr(text.find_last_of(' ') + 1).c_str());
}

/// Of the process or thread that began last.
std::int64_t newest_number() { return last_number("/proc/loadavg"); }

bool kill_if_marked(pid_t pid, const std::string& mark) {
  return pid != ::getpid() && carries(environment_of(std::to_string(pid)), mark) && ::kill(pid, SIGKILL) == 0;
}

/// Asks for each number in place of listing all processes: of a trial that took no time only few came after it.
int kill_between(const std::string& mark, pid_t older, pid_t newest) {
  int killed = 0;
  for (pid_t pid = older + 1; pid <= newest; ++pid) {
    if (!kill_if_marked(pid, mark)) continue;
    ++killed;
    newest = static_cast<pid_t>(newest_number());  // it may have started more
  }
  return killed;
}

}  // namespace

int kill_stray_processes(const std::string& mark, pid_t older) {
  const pid_t newest = older > 0 ? static_cast<pid_t>(newest_number()) : 0;
  if (older > 0 && newest >= older && newest - older <= kFew) return kill_between(mark, older, newest);
  int killed = 0;
  for (const std::string& number : process_numbers()) {
    const auto pid = static_cast<pid_t>(std::atol(number.c_str()));
    if (pid > older && kill_if_marked(pid, mark)) ++killed;
  }
  return killed;
}

bool carries_mark(pid_t process, const std::string& mark) {
  return carries(environment_of(std::to_string(process)), mark);
}

bool numbers_tell_age(pid_t pid, Duration time) {
  static const std::int64_t largest = last_number("/proc/sys/kernel/pid_max");
  static const std::int64_t processors = std::max<std::int64_t>(1, ::sysconf(_SC_NPROCESSORS_CONF));
  return kForksAMilli * processors * (time.count() + 1) < largest / 2 && newest_number() >= pid;
}

}  // namespace oodml::worker
