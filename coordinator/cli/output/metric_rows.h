#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// NAME, or NAME/EMBEDS for embeddings other than the usual ones, as in tables.
std::string figure_name(const v1::Metric& metric);

/// The figures of every epoch as rows for programs ("tidy": one value each), from pages in the order of the wire. Of an
/// epoch that a later attempt measured again, after going on from a checkpoint, the later value counts. Holds one
/// trial.
///
/// CSV: trial, a column an axis of the sweep, attempt, epoch, set, metric (figure_name), value (raw, empty for NaN),
/// time (ISO 8601, UTC). JSON: the same as one document a line, the axes below "labels".
class MetricRows {
 public:
  enum class Form { kCsv, kJsonLines };
  explicit MetricRows(Form form) : form_(form) {}

  /// The rows of the trials that are whole with this page.
  std::string take(const v1::ReadMetricsReply& page);
  /// Those of the last one.
  std::string finish();

 private:
  std::string flush();
  std::string row(const v1::Event& point) const;

  const Form form_;
  bool has_head_ = false;
  std::vector<std::string> axes_;
  std::int64_t trial_ = 0;
  std::map<std::string, std::string> labels_;  ///< Of the trial.
  std::vector<v1::Event> points_;              ///< Of the trial, without those that were measured again.
  std::map<std::string, std::size_t> places_;  ///< Of each set, metric and epoch in `points_`.
};

}  // namespace oodml::cli
