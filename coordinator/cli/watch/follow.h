#pragma once

#include <functional>
#include <memory>

#include "coordinator/cli/session.h"
#include "coordinator/cli/watch/watch_model.h"

namespace oodml::cli {

/// Where a followed sweep is shown.
class WatchSink {
 public:
  virtual ~WatchSink() = default;
  /// Each message of the stream, with what was known before it.
  virtual void message(const v1::WatchEventsReply& message, const WatchModel& before) = 0;
  /// A few times a second, and once at the end; `connection` is empty or says what is wrong.
  virtual void refresh(const WatchModel& model, const std::string& connection) = 0;
  /// Nothing more will be shown.
  virtual void finish() = 0;
};

/// The sink that fits the session: JSON lines, a screen that is redrawn in place, or lines of text. With
/// `to_error` for people while standard output belongs to a program.
std::unique_ptr<WatchSink> make_sink(const Session& session, bool to_error);

enum class FollowEnd { kEnded, kInterrupted };

/// Shows the sweep until it has ended or the person interrupts more often than before; `model` keeps what was seen.
/// `check` is asked a few times a second and ends the watch when it fails.
Result<FollowEnd> follow(Session& session, Client& client, const v1::SweepRef& sweep, WatchSink& sink,
                         WatchModel& model, const std::function<Status()>& check, int interrupts_before);

}  // namespace oodml::cli
