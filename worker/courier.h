#pragma once

#include "worker/backoff.h"
#include "worker/session.h"

namespace oodml::worker {

/// Empties the spools: events in order, then checkpoints, then the outcome, each asked again until the coordinator
/// has answered. One thread for all attempts.
class Courier {
 public:
  explicit Courier(Session& session);

  /// Until the session has ended.
  void run();

 private:
  Status deliver(Attempt& attempt);
  Status push_events(Attempt& attempt);
  Status commit_checkpoint(Attempt& attempt);
  Status finish(Attempt& attempt);
  template <typename Call>
  Status ask(Call call);
  void give_up(Attempt& attempt, const Status& why);
  bool has_news();

  Session& session_;
  Backoff backoff_;
};

}  // namespace oodml::worker
