#include "core/daemon/logging.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "core/base/print.h"
#include "core/daemon/journal.h"
#include "core/daemon/log_formats.h"

namespace oodml::daemon {
namespace {

bool for_people = true;  ///< Set once, before there are threads.

std::optional<std::string_view> journal_stream() {
  const char* value = std::getenv("JOURNAL_STREAM");
  return value == nullptr ? std::nullopt : std::optional<std::string_view>(value);
}

}  // namespace

void set_up_logging(const std::string& program, const LogOptions& options) {
  const LogStyle style{.json = options.format == "json", .journal = is_journal(STDERR_FILENO, journal_stream())};
  for_people = !style.json && !style.journal;
  auto logger = spdlog::stderr_color_mt(program);
  logger->set_formatter(log_format(style, program));
  logger->set_level(spdlog::level::from_str(options.level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void tell_failure(const std::string& program, const std::string& message) {
  if (for_people) return print_note(program + ": " + message + "\n");
  spdlog::critical("{}", message);
  spdlog::default_logger()->flush();
}

}  // namespace oodml::daemon
