#include "worker/stray_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

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

}  // namespace

int kill_stray_processes(const std::string& mark) {
  int killed = 0;
  const std::string self = std::to_string(::getpid());
  for (const std::string& number : process_numbers()) {
    if (number == self || !carries(environment_of(number), mark)) continue;
    if (::kill(static_cast<pid_t>(std::atol(number.c_str())), SIGKILL) == 0) ++killed;
  }
  return killed;
}

bool carries_mark(pid_t process, const std::string& mark) {
  return carries(environment_of(std::to_string(process)), mark);
}

}  // namespace oodml::worker
