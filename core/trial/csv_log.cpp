#include "core/trial/csv_log.h"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/number_text.h"

namespace oodml::trial {
namespace fs = std::filesystem;
namespace {

std::string field(double value) { return std::isnan(value) ? "" : number_text(value); }

bool is_ours(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with("Data_") && name.ends_with(".csv");
}

}  // namespace

Result<std::unique_ptr<FigureLog>> CsvLog::open(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return system_failure("create " + folder.string(), error.value());
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (is_ours(entry.path())) old.push_back(entry.path());
  }
  for (const fs::path& file : old) fs::remove(file, error);
  if (error) return system_failure("remove old files of " + folder.string(), error.value());
  return std::unique_ptr<FigureLog>(new CsvLog(folder));
}

Status CsvLog::add(const job::Metric& figure) {
  const LogPlace place = log_place_of(figure);
  Table& table = tables_["Data_" + place.sub + "_" + place.group + ".csv"];
  auto& segments = table.segments;
  if (std::find(segments.begin(), segments.end(), place.segment) == segments.end()) segments.push_back(place.segment);
  table.rows[figure.epoch][place.segment] = figure.value;
  table.changed = true;
  return {};
}

Status CsvLog::flush() {
  for (auto& [name, table] : tables_) {
    if (!table.changed) continue;
    std::string text = "epoch";
    for (const std::string& segment : table.segments) text += "," + segment;
    text += "\n";
    for (const auto& [epoch, values] : table.rows) {
      text += std::to_string(epoch);
      for (const std::string& segment : table.segments) {
        const auto value = values.find(segment);
        text += "," + (value == values.end() ? "" : field(value->second));
      }
      text += "\n";
    }
    OODML_RETURN_IF_ERROR(write_file_atomically(folder_ / name, text));
    table.changed = false;
  }
  return {};
}

}  // namespace oodml::trial
