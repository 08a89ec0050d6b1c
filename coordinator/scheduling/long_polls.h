#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "coordinator/scheduling/later.h"
#include "coordinator/scheduling/worker_table.h"
#include "coordinator/service/reply.h"
#include "core/job/lease.h"

namespace oodml::coordinator::scheduling {

using AcquireReply = Reply<std::optional<job::LeasedTrial>>;

/// A slot that asked for a trial.
struct Poll {
  WorkerId worker;
  std::string slot;
  std::string request_id;
  Steady deadline;
  AcquireReply reply;
  bool claiming = false;  ///< a claim is on the way to the disk
  bool over = false;      ///< answered, or to be answered with nothing once the claim came back empty
};

/// The slots that wait for a trial, first come first. Replies are left to a Later. Not thread-safe.
class LongPolls {
 public:
  /// A poll that is asked again with its request id goes on with the new reply, which is taken out of `reply`; the old
  /// one is answered empty. nullptr: there is none.
  std::shared_ptr<Poll> take_over(const std::string& request_id, const WorkerId& worker, Steady deadline,
                                  AcquireReply& reply, Later& later);
  /// Knows the poll by its request id. A slot asks once at a time: its older question comes from before the worker's
  /// restart, and is answered empty.
  void begin(const std::shared_ptr<Poll>& poll, Later& later);
  void wait(std::shared_ptr<Poll> poll) { waiting_.push_back(std::move(poll)); }
  void answer(Poll& poll, Result<std::optional<job::LeasedTrial>> result, Later& later);

  /// Its caller is gone: answered empty at once, or once its claim came back empty.
  void give_up(const std::shared_ptr<Poll>& poll, Later& later);
  /// Those of a worker that takes no trial any more: of its slots that asked before it knew.
  void send_away(const WorkerId& worker, Later& later);
  void end_due(Steady now, Later& later);
  void end_all(Later& later);

  /// Goes through those that wait, in order, while `more()`; those for which `takes(poll)` holds wait no longer.
  template <typename More, typename Takes>
  void offer(const More& more, const Takes& takes) {
    for (auto poll = waiting_.begin(); poll != waiting_.end() && more();) {
      poll = takes(*poll) ? waiting_.erase(poll) : std::next(poll);
    }
  }

 private:
  std::list<std::shared_ptr<Poll>> waiting_;
  std::map<std::string, std::shared_ptr<Poll>> by_request_;  ///< All that are not answered and have a request id.
};

}  // namespace oodml::coordinator::scheduling
