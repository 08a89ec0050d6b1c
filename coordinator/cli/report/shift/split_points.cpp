#include "coordinator/cli/report/shift/split_points.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "coordinator/cli/report/shift/published_splits.h"
#include "core/base/atomic_file.h"
#include "core/splits/split_file.h"

namespace oodml::cli::report {
namespace {

constexpr const char* kHeading = "run,key,swaps,fid,";
constexpr std::uint64_t kMostBytes = 64 << 20;

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream rest(line);
  for (std::string field; std::getline(rest, field, ',');) fields.push_back(field);
  if (line.ends_with(',')) fields.emplace_back();
  return fields;
}

std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// run,key,swaps,fid,train,test,moved_to_test,moved_to_train,removed,id
Result<SplitPoint> point_of(const std::string& line, const std::string& place) {
  const std::vector<std::string> fields = fields_of(line);
  if (fields.size() != 10) return invalid_argument(place + ": 10 fields wanted, as oodml splits create writes them");
  const std::optional<double> swaps = number_of(fields[2]), fid = number_of(fields[3]);
  const std::string& run = fields[0];
  if (!swaps || !fid || (run != "forward" && run != "inverse" && run != "removal"))
    return invalid_argument(place + ": forward, inverse or removal and two numbers wanted");
  return SplitPoint{.benchmark = {},
                    .id = fields[9],
                    .iteration = run == "inverse" ? -*swaps : *swaps,
                    .fid = *fid,
                    .removes_classes = run == "removal",
                    .is_default = run == "forward" && *swaps == 0.0};
}

Result<std::vector<SplitPoint>> points_of_csv(const std::string& text, const std::string& file) {
  std::vector<SplitPoint> points;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  for (std::size_t number = 2; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    OODML_ASSIGN_OR_RETURN(SplitPoint point, point_of(line, file + ":" + std::to_string(number)));
    points.push_back(std::move(point));
  }
  return points;
}

std::vector<SplitPoint> points_of_file(const splits::SplitFile& file, const std::string& benchmark) {
  std::size_t most = 0;
  for (const splits::Split& split : file.splits) most = std::max(most, split.train.size() + split.test.size());
  std::vector<SplitPoint> points;
  for (const splits::Split& split : file.splits) {
    if (!split.fid) continue;
    SplitPoint point{.benchmark = benchmark,
                     .id = split.id,
                     .iteration = {},
                     .fid = *split.fid,
                     .removes_classes = split.train.size() + split.test.size() < most,
                     .is_default = split.id == "default"};
    if (const PublishedSplit* published = published_split(benchmark, split.id, split.fid)) {
      point.iteration = published->iteration;
      point.is_default = !published->removes_classes && published->iteration == 0.0;
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace

Result<std::vector<SplitPoint>> read_split_points(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string benchmark = equals == std::string::npos ? "" : text.substr(0, equals);
  const std::string file = equals == std::string::npos ? text : text.substr(equals + 1);
  OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(file, kMostBytes));
  std::vector<SplitPoint> points;
  if (bytes.starts_with(kHeading)) {
    OODML_ASSIGN_OR_RETURN(points, points_of_csv(bytes, file));
    for (SplitPoint& point : points) point.benchmark = benchmark;
  } else {
    OODML_ASSIGN_OR_RETURN(const splits::SplitFile splits, splits::parse_split_file(bytes, file));
    points = points_of_file(splits, benchmark.empty() ? splits.benchmark : benchmark);
  }
  if (points.empty()) return invalid_argument("--splits " + file + ": none of its splits has a FID");
  return points;
}

}  // namespace oodml::cli::report
