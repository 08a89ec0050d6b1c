#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>

#include "coordinator/service/watch_item.h"

namespace oodml::coordinator::rpc {

/// What one watcher still has to be told. Of a sweep's summary, a trial's summary and a trial's progress only the
/// newest is kept, so a slow reader sees fewer of them and the queue is bounded by the number of trials; other events
/// must not be lost and are limited in number. Not thread-safe.
class WatchQueue {
 public:
  explicit WatchQueue(std::size_t max_events) : max_events_(max_events) {}

  /// False, and nothing kept, when the reader is `max_events` events behind.
  [[nodiscard]] bool push(WatchItem item);
  std::optional<WatchItem> pop();
  void clear();
  bool empty() const { return items_.empty(); }

 private:
  using Items = std::list<WatchItem>;
  template <typename Id>
  void replace(std::map<Id, Items::iterator>& newest, Id id, WatchItem item);

  const std::size_t max_events_;
  std::size_t events_ = 0;  // among items_, without progress
  Items items_;             // oldest first
  std::map<SweepId, Items::iterator> sweeps_;
  std::map<TrialId, Items::iterator> trials_, progress_;
};

}  // namespace oodml::coordinator::rpc
