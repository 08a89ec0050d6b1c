#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/results_text.h"

namespace oodml::cli {
namespace {

/// As json_text lays the rows out: each at a depth of two, an item of the last key.
std::string rows_text(const v1::QueryResultsReply& page, bool is_first) {
  std::string text;
  for (const auto& row : page.rows()) {
    text += is_first && text.empty() ? "\n    " : ",\n    ";
    for (const char c : json_of(row).dump(2, ' ', false, Json::error_handler_t::replace)) {
      text += c;
      if (c == '\n') text += "    ";
    }
  }
  return text;
}

}  // namespace

std::string results_json_start(const v1::QueryResultsReply& first) {
  v1::QueryResultsReply head = first;
  head.clear_rows();
  std::string text = json_text(json_of(head));
  text.resize(text.rfind(']'));  // "rows" is the last key, and empty here
  return text + rows_text(first, /*is_first=*/true);
}

std::string results_json_rows(const v1::QueryResultsReply& page) { return rows_text(page, /*is_first=*/false); }

std::string results_json_end(bool has_rows) { return std::string(has_rows ? "\n  " : "") + "]\n}\n"; }

}  // namespace oodml::cli
