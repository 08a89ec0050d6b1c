#include "core/daemon/log_formats.h"

#include <gtest/gtest.h>
#include <spdlog/details/log_msg.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace oodml::daemon {
namespace {

using spdlog::level::level_enum;

std::string formatted(const LogStyle& style, level_enum level, const std::string& text) {
  const spdlog::log_clock::time_point time{
      std::chrono::milliseconds(1'772'353'800'005)};  // 2026-03-01 08:30:00.005 UTC
  spdlog::memory_buf_t line;
  log_format(style, "oodml-worker")->format(spdlog::details::log_msg(time, {}, "", level, text), line);
  return {line.data(), line.size()};
}

TEST(LogFormatsTest, PeopleReadTimeLevelAndMessage) {
  const std::string line = formatted({}, level_enum::warn, "disk nearly full");
  EXPECT_TRUE(std::regex_match(line, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.005 warning disk nearly full\n)")))
      << line;
}

TEST(LogFormatsTest, TheJournalGetsThePriorityAndNoSecondTime) {
  const LogStyle journal{.journal = true};
  EXPECT_EQ(formatted(journal, level_enum::critical, "m"), "<2>m\n");
  EXPECT_EQ(formatted(journal, level_enum::err, "m"), "<3>m\n");
  EXPECT_EQ(formatted(journal, level_enum::warn, "m"), "<4>m\n");
  EXPECT_EQ(formatted(journal, level_enum::info, "m"), "<6>m\n");
  EXPECT_EQ(formatted(journal, level_enum::debug, "m"), "<7>m\n");
  EXPECT_EQ(formatted(journal, level_enum::trace, "m"), "<7>m\n");
}

TEST(LogFormatsTest, EachLineOfAMessageHasThePriority) {
  EXPECT_EQ(formatted({.journal = true}, level_enum::err, "two\nlines"), "<3>two\n<3>lines\n");
}

TEST(LogFormatsTest, JsonIsOneObjectALineWithTheTimeInUtc) {
  EXPECT_EQ(formatted({.json = true}, level_enum::warn, "a \"quoted\"\nline"),
            R"({"time":"2026-03-01T08:30:00.005Z","level":"warning","program":"oodml-worker",)"
            R"("message":"a \"quoted\"\nline"})"
            "\n");
  EXPECT_TRUE(formatted({.json = true, .journal = true}, level_enum::info, "m").starts_with("<6>{\"time\":"));
}

TEST(LogFormatsTest, BytesThatAreNoUtf8AreReplacedInJson) {
  const auto object = nlohmann::json::parse(formatted({.json = true}, level_enum::info, "file \xff.png"));
  EXPECT_EQ(object.at("message"), "file \xef\xbf\xbd.png");
}

}  // namespace
}  // namespace oodml::daemon
