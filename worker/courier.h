#pragma once

#include "worker/backoff.h"
#include "worker/session.h"
#include "worker/share.h"

namespace oodml::worker {

/// Empties the spools: events in order, then checkpoints, then the outcome, each asked again until the coordinator
/// has answered. Only a lease that was overtaken (kAborted) ends an attempt; a coordinator that cannot take something,
/// or has lost it, is asked again and told again. A thread of its own, for its share of the attempts.
class Courier {
 public:
  explicit Courier(Session& session, Share share = {});

  /// Until the session has ended.
  void run();

 private:
  Status deliver(Attempt& attempt);
  Status deliver_in_turn(Attempt& attempt);
  Status push_events(Attempt& attempt);
  Result<std::int64_t> push(Attempt& attempt, const std::vector<job::Event>& events);
  Status tell_again(Attempt& attempt, const Status& why);
  Status commit_checkpoint(Attempt& attempt);
  Status finish(Attempt& attempt);
  template <typename Call>
  Status ask(Call call);
  void give_up(Attempt& attempt, const Status& why);
  void put_off(Attempt& attempt, const Status& why);
  void cut_short(Attempt& attempt, Verdict told, StopReason stop);
  bool has_news();

  std::vector<std::shared_ptr<Attempt>> attempts() const;

  Session& session_;
  const Share share_;
  Backoff backoff_;
};

}  // namespace oodml::worker
