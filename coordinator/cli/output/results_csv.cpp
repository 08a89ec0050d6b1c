#include "coordinator/cli/output/results_text.h"
#include "core/base/csv_text.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

std::string spread(std::int64_t n, double mean, double sd, double half_width) {
  if (n == 0) return ",,,";
  return "," + csv_number(mean) + "," + csv_number(sd) + "," + csv_number(half_width);
}

std::string labels(const v1::QueryResultsReply& reply, const v1::ResultRow& row) {
  std::string text;
  for (const auto& axis : reply.by()) {
    for (const auto& label : row.labels()) {
      if (label.axis() == axis) text += csv_field(label.label());
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
  return csv_field(text);
}

}  // namespace

std::string results_csv_head(const v1::QueryResultsReply& reply) {
  std::string text;
  for (const auto& axis : reply.by()) text += csv_field(axis) + ",";
  return text +
         "set,metric,n,n_expected,best_mean,best_sd,best_half_width,best_epoch_mean,last_mean,last_sd,last_half_width,"
         "selected_n,selected_mean,selected_sd,selected_half_width,mixes\n";
}

std::string results_csv_rows(const v1::QueryResultsReply& reply) {
  std::string text;
  for (const auto& row : reply.rows()) {
    const std::string start = labels(reply, row), end = "," + mixes(reply, row) + "\n";
    for (const auto& s : row.statistics()) {
      const std::string name = reply.over().empty() ? s.metric() : "AGS(" + s.metric() + ")";
      text += start + csv_field(s.set()) + "," + csv_field(name) + "," + std::to_string(s.n()) + "," +
              std::to_string(s.n_expected()) + spread(s.n(), s.best_mean(), s.best_sd(), s.best_half_width()) + "," +
              (s.n() > 0 ? csv_number(s.best_epoch_mean()) : "") +
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
