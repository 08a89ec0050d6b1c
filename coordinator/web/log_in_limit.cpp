#include "coordinator/web/log_in_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace oodml::coordinator::web {
namespace {

/// The address, or its /64.
std::string network_of(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes)) return address;
  return std::string(reinterpret_cast<const char*>(&bytes), 8);
}

}  // namespace

std::chrono::seconds LogInLimit::pause_of(const std::string& address) const {
  const auto now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(network_of(address));
  if (found == failures_.end() || found->second.again_at <= now) return std::chrono::seconds(0);
  return std::chrono::ceil<std::chrono::seconds>(found->second.again_at - now);
}

void LogInLimit::failed(const std::string& address) {
  const auto now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.newest >= kForgotten; });
  if (failures_.size() >= kMost) {
    failures_.erase(std::min_element(failures_.begin(), failures_.end(),
                                     [](const auto& a, const auto& b) { return a.second.newest < b.second.newest; }));
  }
  Failures& failures = failures_[network_of(address)];
  failures.newest = now;
  const int over = ++failures.times - kFree;
  if (over > 0) failures.again_at = now + std::min(kLongestPause, kFirstPause * (1 << std::min(over - 1, 16)));
}

void LogInLimit::succeeded(const std::string& address) {
  const std::lock_guard lock(mutex_);
  failures_.erase(network_of(address));
}

}  // namespace oodml::coordinator::web
