#pragma once

#include <cstdint>
#include <map>

#include "worker/session.h"

namespace oodml::worker {

/// Tells the coordinator what trials print (log.txt), each second where there is something new, on a thread of its own.
/// The coordinator says up to where it has it, so that a worker that starts again goes on from there.
class OutputFeed {
 public:
  explicit OutputFeed(Session& session) : session_(session) {}

  /// Until the session has ended.
  void run();

 private:
  /// Offsets of one log. A log that grew too large is cut (RunDirectory::bound_log), after which the file is shorter
  /// than what was told of it.
  struct Place {
    bool known = false;     ///< The coordinator has been asked how far it is.
    std::int64_t told = 0;  ///< Of all that was printed.
    std::int64_t read = 0;  ///< Of the file.
    SteadyTime not_before{};
    Backoff backoff{std::chrono::seconds(1), std::chrono::minutes(2), 1};
  };

  void feed(Upload& upload, Place& place);
  Status tell_news(Upload& upload, Place& place);
  Status tell(Upload& upload, Place& place, std::string_view data, bool over);
  void note_failure(Upload& upload, Place& place, const Status& why);

  Session& session_;
  std::map<LeaseId, Place> places_;
};

}  // namespace oodml::worker
