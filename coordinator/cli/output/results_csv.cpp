#include <charconv>
#include <cmath>

#include "coordinator/cli/output/results_text.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

/// The shortest text that reads back as the same double; nothing for NaN.
std::string number(double value) {
  if (!std::isfinite(value)) return "";
  char buffer[40];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr);
}

std::string spread(std::int64_t n, double mean, double sd, double half_width) {
  if (n == 0) return ",,,";
  return "," + number(mean) + "," + number(sd) + "," + number(half_width);
}

std::string labels(const v1::QueryResultsReply& reply, const v1::ResultRow& row) {
  std::string text;
  for (const auto& axis : reply.by()) {
    for (const auto& label : row.labels()) {
      if (label.axis() == axis) text += quoted(label.label());
    }
    text += ",";
  }
  return text;
}

/// Why the figures of the row do not belong together, or to those of the other rows.
std::string mixes(const v1::QueryResultsReply& reply, const v1::ResultRow& row) {
  std::vector<std::string> words(row.mixes().begin(), row.mixes().end());
  for (const auto& note : reply.notes()) words.push_back("rows of " + note);
  const std::string text = joined(words, "; ");
  return quoted(text);
}

}  // namespace

std::string results_csv(const v1::QueryResultsReply& reply) {
  std::string text;
  for (const auto& axis : reply.by()) text += quoted(axis) + ",";
  text +=
      "set,metric,n,n_expected,best_mean,best_sd,best_half_width,best_epoch_mean,last_mean,last_sd,last_half_width,"
      "selected_n,selected_mean,selected_sd,selected_half_width,mixes\n";
  for (const auto& row : reply.rows()) {
    const std::string start = labels(reply, row), end = "," + mixes(reply, row) + "\n";
    for (const auto& s : row.statistics()) {
      const std::string name = reply.over().empty() ? s.metric() : "AGS(" + s.metric() + ")";
      text += start + quoted(s.set()) + "," + quoted(name) + "," + std::to_string(s.n()) + "," +
              std::to_string(s.n_expected()) + spread(s.n(), s.best_mean(), s.best_sd(), s.best_half_width()) + "," +
              (s.n() > 0 ? number(s.best_epoch_mean()) : "") +
              spread(s.n(), s.last_mean(), s.last_sd(), s.last_half_width()) + "," + std::to_string(s.selected_n()) +
              spread(s.selected_n(), s.selected_mean(), s.selected_sd(), s.selected_half_width()) + end;
    }
    // A row without any figure is a hole, and is shown as one.
    if (row.statistics().empty()) {
      text += start + ",," + std::to_string(row.n()) + "," + std::to_string(row.n_expected()) + ",,,,,,,,0,,," + end;
    }
  }
  return text;
}

}  // namespace oodml::cli
