#include "core/daemon/service_manager.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace oodml::daemon {
namespace {

/// The variable's value, which is then gone; empty where there was none.
std::string take(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? std::optional(value) : std::nullopt;
}

/// A new line would begin another variable.
std::string status_line(std::string status) {
  std::ranges::replace(status, '\n', ' ');
  return "STATUS=" + status;
}

Result<sockaddr_un> address_of(const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if ((socket[0] != '/' && socket[0] != '@') || socket.size() >= sizeof(address.sun_path)) {
    return invalid_argument("NOTIFY_SOCKET=" + socket + " is neither a path nor an abstract name (@...) of a socket");
  }
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') address.sun_path[0] = '\0';
  return address;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  std::string socket = take("NOTIFY_SOCKET");
  const std::optional<std::int64_t> micros = number(take("WATCHDOG_USEC")), process = number(take("WATCHDOG_PID"));
  const bool meant = micros && (!process || *process == ::getpid());
  return ServiceManager(std::move(socket), meant ? std::optional(Duration(*micros / 1000)) : std::nullopt);
}

ServiceManager::ServiceManager(std::string socket, std::optional<Duration> watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog) {}

void ServiceManager::ready(const std::string& status) const { tell("READY=1\n" + status_line(status)); }

void ServiceManager::status(const std::string& status) const { tell(status_line(status)); }

void ServiceManager::stopping() const { tell("STOPPING=1\n" + status_line("stopping")); }

void ServiceManager::alive(std::chrono::steady_clock::time_point now) {
  if (!watchdog_ || (last_sign_ && now - *last_sign_ < *watchdog_ / 2)) return;
  last_sign_ = now;
  tell("WATCHDOG=1");
}

Status ServiceManager::send(const std::string& message) const {
  if (socket_.empty()) return {};
  OODML_ASSIGN_OR_RETURN(const sockaddr_un address, address_of(socket_));
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return system_failure("make a socket for the service manager", errno);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const ssize_t sent = ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), size);
  const int error = errno;
  ::close(descriptor);
  if (sent >= 0) return {};
  return system_failure("tell the service manager at NOTIFY_SOCKET=" + socket_, error);
}

void ServiceManager::tell(const std::string& message) const {
  if (const Status sent = send(message); !sent.ok()) spdlog::warn("{}", sent.message());
}

}  // namespace oodml::daemon
