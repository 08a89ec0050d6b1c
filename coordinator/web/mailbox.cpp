#include "coordinator/web/mailbox.h"

#include <iterator>
#include <utility>

namespace oodml::coordinator::web {

void Mailbox::push(const std::string& about, StreamMessage message) {
  const std::lock_guard lock(mutex_);
  if (end_) return;
  messages_.push_back(std::move(message));
  if (!about.empty()) {
    const auto [known, is_new] = newest_.try_emplace(about, std::prev(messages_.end()));
    if (!is_new) messages_.erase(std::exchange(known->second, std::prev(messages_.end())));
  }
  changed_.notify_all();
}

void Mailbox::end(Status status) {
  const std::lock_guard lock(mutex_);
  if (!end_) end_ = std::move(status);
  changed_.notify_all();
}

std::vector<StreamMessage> Mailbox::take(Duration patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return !messages_.empty() || end_.has_value(); });
  std::vector<StreamMessage> taken(std::make_move_iterator(messages_.begin()),
                                   std::make_move_iterator(messages_.end()));
  messages_.clear();
  newest_.clear();
  return taken;
}

std::optional<Status> Mailbox::ended() const {
  const std::lock_guard lock(mutex_);
  return messages_.empty() ? end_ : std::nullopt;
}

std::size_t Mailbox::size() const {
  const std::lock_guard lock(mutex_);
  return messages_.size();
}

}  // namespace oodml::coordinator::web
