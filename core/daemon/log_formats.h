#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>

namespace oodml::daemon {

/// What a log line looks like.
struct LogStyle {
  bool json = false;     ///< One object a line, for programs.
  bool journal = false;  ///< Each line begins with its priority, "<4>", and the journal knows the time.
};

/// People's:           2026-03-01T09:30:00.125 warning the disk is nearly full
/// For the journal:    <4>the disk is nearly full         each line of the message for itself
/// JSON:               {"time":"2026-03-01T08:30:00.125Z","level":"warning","program":"oodml-worker","message":"..."}
/// JSON for the journal has the priority before the object.
std::unique_ptr<spdlog::formatter> log_format(const LogStyle& style, const std::string& program);

}  // namespace oodml::daemon
