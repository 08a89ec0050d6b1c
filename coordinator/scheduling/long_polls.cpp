#include "coordinator/scheduling/long_polls.h"

#include <algorithm>
#include <utility>

namespace oodml::coordinator::scheduling {

std::shared_ptr<Poll> LongPolls::take_over(const std::string& request_id, const WorkerId& worker, Steady deadline,
                                           AcquireReply& reply, Later& later) {
  const auto found = request_id.empty() ? by_request_.end() : by_request_.find(request_id);
  if (found == by_request_.end() || found->second->worker != worker) return nullptr;
  const std::shared_ptr<Poll> poll = found->second;
  later.add([old = std::exchange(poll->reply, std::move(reply))] { old(std::nullopt); });
  poll->deadline = deadline;
  poll->over = false;
  return poll;
}

void LongPolls::begin(const std::shared_ptr<Poll>& poll, Later& later) {
  const auto older = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& other) {
    return other->worker == poll->worker && other->slot == poll->slot;
  });
  if (older != waiting_.end()) {
    const std::shared_ptr<Poll> superseded = std::move(*older);
    waiting_.erase(older);
    answer(*superseded, std::nullopt, later);
  }
  if (!poll->request_id.empty()) by_request_[poll->request_id] = poll;
}

void LongPolls::answer(Poll& poll, Result<std::optional<job::LeasedTrial>> result, Later& later) {
  poll.over = true;
  later.add([reply = std::exchange(poll.reply, nullptr), result = std::move(result)]() mutable {
    if (reply) reply(std::move(result));
  });
  const auto known = by_request_.find(poll.request_id);
  if (known != by_request_.end() && known->second.get() == &poll) by_request_.erase(known);
}

void LongPolls::give_up(const std::shared_ptr<Poll>& poll, Later& later) {
  if (poll->over) return;
  poll->over = true;
  if (poll->claiming) return;
  waiting_.remove(poll);
  answer(*poll, std::nullopt, later);
}

void LongPolls::send_away(const WorkerId& worker, Later& later) {
  std::erase_if(waiting_, [&](const std::shared_ptr<Poll>& poll) {
    if (poll->worker != worker) return false;
    answer(*poll, std::nullopt, later);
    return true;
  });
}

void LongPolls::end_due(Steady now, Later& later) {
  std::erase_if(waiting_, [&](const std::shared_ptr<Poll>& poll) {
    if (poll->deadline > now) return false;
    answer(*poll, std::nullopt, later);
    return true;
  });
}

void LongPolls::end_all(Later& later) {
  for (const auto& poll : waiting_) answer(*poll, std::nullopt, later);
  waiting_.clear();
}

}  // namespace oodml::coordinator::scheduling
