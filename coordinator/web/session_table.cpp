#include "coordinator/web/session_table.h"

#include <algorithm>
#include <utility>

#include "core/base/ids.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::web {

std::string SessionTable::open(std::string token) {
  const std::string id = random_hex_128() + random_hex_128();
  const auto now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  forget_those_that_are_over();
  if (sessions_.size() >= kMost) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  }
  sessions_[sha256_hex(id)] = {
      .token = std::move(token), .csrf = random_hex_128(), .last_used = now, .ends = now + kLongest};
  return id;
}

std::optional<Session> SessionTable::find(const std::string& id) {
  const auto now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(sha256_hex(id));
  if (found == sessions_.end()) return std::nullopt;
  Session& session = found->second;
  if (now >= session.ends || now - session.last_used >= kIdle) {
    sessions_.erase(found);
    return std::nullopt;
  }
  session.last_used = now;
  return session;
}

void SessionTable::close(const std::string& id) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(sha256_hex(id));
}

std::size_t SessionTable::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void SessionTable::forget_those_that_are_over() {
  const auto now = clock_.steady_now();
  std::erase_if(sessions_,
                [&](const auto& entry) { return now >= entry.second.ends || now - entry.second.last_used >= kIdle; });
}

}  // namespace oodml::coordinator::web
