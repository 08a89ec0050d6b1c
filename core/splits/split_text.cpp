#include "core/splits/split_text.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/words.h"
#include "core/splits/split_changes.h"

namespace oodml::splits {
namespace {

using Row = std::vector<std::string>;

/// shots -> number of episodes, of both forms
std::map<std::int64_t, std::size_t> episode_counts(const Split& split) {
  std::map<std::int64_t, std::size_t> counts;
  for (const auto& [shots, episodes] : split.test_episodes) counts[shots] = episodes.size();
  for (const auto& [shots, episodes] : split.episode_classes) counts[shots] = episodes.size();
  return counts;
}

/// "2, 5 (x 10)" where all shots have ten episodes, else "2 (x 10), 5 (x 3)"
std::string episodes_text(const Split& split) {
  const auto counts = episode_counts(split);
  if (counts.empty()) return "-";
  const bool equal = std::ranges::all_of(counts, [&](const auto& c) { return c.second == counts.begin()->second; });
  Row words;
  for (const auto& [shots, episodes] : counts) {
    words.push_back(std::to_string(shots) + (equal ? "" : " (x " + std::to_string(episodes) + ")"));
  }
  return joined(words) + (equal ? " (x " + std::to_string(counts.begin()->second) + ")" : "");
}

std::string fixed(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

std::string count(const std::vector<std::string>& names) { return std::to_string(names.size()); }

Row row_of(const Split& split, const Split& base) {
  const SplitChanges changes = changes_since(base, split);
  return {split.id,
          split.fid ? fixed(*split.fid) : "-",
          count(split.train),
          count(split.test),
          split.split_val.empty() ? "-" : count(split.split_train),
          split.split_val.empty() ? "-" : count(split.split_val),
          count(changes.into_train),
          count(changes.into_test),
          count(changes.left_out),
          count(changes.added),
          episodes_text(split)};
}

/// Columns two spaces apart, all but the first and last to the right.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - row[i].size(), ' ');
      const bool last = i + 1 == row.size();
      text += (i > 0 ? "  " : "") + (i == 0 ? row[i] + gap : last ? row[i] : gap + row[i]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string table_of_splits(const SplitFile& file, const Split& base) {
  std::vector<Row> rows = {{"id", "fid", "train", "test", "split_train", "split_val", "into train", "into test",
                            "left out", "added", "episodes"}};
  for (const Split& split : file.splits) rows.push_back(row_of(split, base));
  return file.benchmark + ": " + std::to_string(file.splits.size()) +
         " splits; classes that moved are counted against id " + base.id + "\n\n" + aligned(rows);
}

std::string json_of_splits(const SplitFile& file, const Split& base) {
  using Json = nlohmann::ordered_json;
  Json splits = Json::array();
  for (const Split& split : file.splits) {
    const SplitChanges changes = changes_since(base, split);
    Json episodes = Json::object();
    for (const auto& [shots, number] : episode_counts(split)) episodes[std::to_string(shots)] = number;
    splits.push_back({{"id", split.id},
                      {"fid", split.fid ? Json(*split.fid) : Json()},
                      {"train", split.train.size()},
                      {"test", split.test.size()},
                      {"split_train", split.split_train.size()},
                      {"split_val", split.split_val.size()},
                      {"episodes", std::move(episodes)},
                      {"into_train", changes.into_train},
                      {"into_test", changes.into_test},
                      {"left_out", changes.left_out},
                      {"added", changes.added}});
  }
  const Json document = {
      {"version", 1}, {"benchmark", file.benchmark}, {"base", base.id}, {"splits", std::move(splits)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace oodml::splits
