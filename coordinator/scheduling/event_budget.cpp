#include "coordinator/scheduling/event_budget.h"

namespace oodml::coordinator::scheduling {
namespace {

/// The text of a body; its numbers are in sizeof(job::Event).
struct TextBytes {
  std::size_t operator()(const job::Hello& body) const { return body.device.size(); }
  std::size_t operator()(const job::Progress& body) const { return body.phase.size(); }
  std::size_t operator()(const job::Metric& body) const {
    return body.set.size() + body.embeds.size() + body.name.size();
  }
  std::size_t operator()(const job::Checkpoint& body) const { return body.path.size() + body.sha256.size(); }
  std::size_t operator()(const job::Warning& body) const { return body.message.size(); }
  std::size_t operator()(const job::Failed& body) const { return body.kind.size() + body.message.size(); }
  template <typename Other>
  std::size_t operator()(const Other&) const {
    return 0;
  }
};

Failure no_room(const std::string& whose, std::int64_t bytes) {
  return failure(StatusCode::kResourceExhausted, whose + " " + std::to_string(bytes >> 20) +
                                                     " MiB of events wait for the coordinator's disk; try again later");
}

}  // namespace

std::int64_t bytes_of(const std::vector<job::Event>& events) {
  std::size_t bytes = events.size() * sizeof(job::Event);
  for (const job::Event& event : events) bytes += std::visit(TextBytes(), event.body);
  return static_cast<std::int64_t>(bytes);
}

Status EventBudget::take(const LeaseId& lease, std::int64_t bytes) {
  const auto known = by_lease_.find(lease.value);
  const std::int64_t of_lease = known == by_lease_.end() ? 0 : known->second;
  if (of_lease > 0 && of_lease + bytes > kOfALease) return no_room("of this attempt", of_lease);
  if (all_ > 0 && all_ + bytes > kOfAll) return no_room("of all attempts together", all_);
  by_lease_[lease.value] = of_lease + bytes;
  all_ += bytes;
  return {};
}

void EventBudget::give_back(const LeaseId& lease, std::int64_t bytes) {
  all_ -= bytes;
  const auto known = by_lease_.find(lease.value);
  if (known != by_lease_.end() && (known->second -= bytes) <= 0) by_lease_.erase(known);
}

}  // namespace oodml::coordinator::scheduling
