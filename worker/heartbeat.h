#pragma once

#include "worker/backoff.h"
#include "worker/session.h"

namespace oodml::worker {

/// Renews the leases of all open attempts and carries directives to them. A thread of its own, so that no child, disk
/// or delivery can hold it up. It is also what finds a coordinator that is back: it asks every two seconds, which costs
/// nothing while there is no connection, and ends the longer pauses of the others.
class Heartbeat {
 public:
  Heartbeat(Session& session, Duration outage_limit);

  /// Until the session has ended.
  void run();

 private:
  Status beat();
  void apply(job::Directive directive, Attempt& attempt);
  void stop_after_long_outage();

  Session& session_;
  const Duration outage_limit_;
  Backoff backoff_;
};

}  // namespace oodml::worker
