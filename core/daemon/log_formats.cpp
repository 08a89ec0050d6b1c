#include "core/daemon/log_formats.h"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string_view>

namespace oodml::daemon {
namespace {

constexpr const char* kForPeople = "%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v";

void append(spdlog::memory_buf_t& line, std::string_view text) { line.append(text.data(), text.data() + text.size()); }

/// syslog's priorities, as sd-daemon(3) has them.
std::string_view priority_of(spdlog::level::level_enum level) {
  constexpr std::array<std::string_view, spdlog::level::n_levels> kPriorities = {"<7>", "<7>", "<6>", "<4>",
                                                                                 "<3>", "<2>", "<6>"};
  return kPriorities.at(static_cast<std::size_t>(level));
}

std::string_view view_of(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

/// UTC with milliseconds.
std::string iso_time(spdlog::log_clock::time_point time) {
  using namespace std::chrono;
  const auto millis = duration_cast<milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = millis / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof(text) - size, ".%03dZ", static_cast<int>(millis % 1000));
  return text;
}

class JournalFormat final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    std::string_view rest = view_of(message.payload);
    while (true) {
      const std::size_t end = rest.find('\n');
      append(line, priority_of(message.level));
      append(line, rest.substr(0, end));
      append(line, "\n");
      if (end == std::string_view::npos) return;
      rest.remove_prefix(end + 1);
    }
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JournalFormat>(); }
};

class JsonFormat final : public spdlog::formatter {
 public:
  JsonFormat(std::string program, bool journal) : program_(std::move(program)), journal_(journal) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    const nlohmann::ordered_json object = {{"time", iso_time(message.time)},
                                           {"level", view_of(spdlog::level::to_string_view(message.level))},
                                           {"program", program_},
                                           {"message", view_of(message.payload)}};
    if (journal_) append(line, priority_of(message.level));
    // Names of files need not be UTF-8; a log does not throw for that.
    append(line, object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    append(line, "\n");
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormat>(program_, journal_); }

 private:
  std::string program_;
  bool journal_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> log_format(const LogStyle& style, const std::string& program) {
  if (style.json) return std::make_unique<JsonFormat>(program, style.journal);
  if (style.journal) return std::make_unique<JournalFormat>();
  return std::make_unique<spdlog::pattern_formatter>(kForPeople);
}

}  // namespace oodml::daemon
