#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/trial/console.h"

namespace oodml::trial {

/// Whether somebody gave this process a descriptor 3 to write events to (a pipe or a socket). Ask before
/// anything else is opened.
bool event_descriptor_is_open();

/// Where a trial's events go: the lines of core/protocol/lines.h to descriptor 3 when there is one, and always
/// to events.log of the run directory, which belongs to one process at a time; and to a person when nobody
/// else listens.
class EventWriter {
 public:
  /// Makes the run directory. kFailedPrecondition when another process works in it.
  static Result<std::unique_ptr<EventWriter>> open(const std::filesystem::path& run_dir, bool has_descriptor,
                                                   const Clock& clock);
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  /// Writes whole lines. The failure says which of the two could not be written; the other one got the line.
  /// Safe to call from several threads.
  Status write(const job::EventBody& body);
  Console& console() { return console_; }

 private:
  EventWriter(int log, bool has_descriptor, const Clock& clock);

  std::mutex mutex_;  ///< Held while an event is written.
  int log_;
  bool has_descriptor_;
  Console console_;
};

}  // namespace oodml::trial
