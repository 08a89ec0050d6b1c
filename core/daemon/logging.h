#pragma once

#include <string>

namespace oodml::daemon {

/// --log-level and --log-format.
struct LogOptions {
  std::string level = "info";   ///< core/base/log_levels.h
  std::string format = "text";  ///< or "json"
};

inline constexpr const char* kLogFormatHelp = "text, or json: one object a line with time, level, program and message";

/// From now on spdlog writes to stderr in the form that whoever reads there wants (log_formats.h).
void set_up_logging(const std::string& program, const LogOptions& options);

/// Why the program ends, after set_up_logging: "oodml-worker: ..." for people, else a line of the log.
void tell_failure(const std::string& program, const std::string& message);

}  // namespace oodml::daemon
