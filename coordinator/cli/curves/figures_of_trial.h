#pragma once

#include <compare>
#include <string>
#include <vector>

#include "core/catalogue/best_epoch.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli::curves {

/// A figure by the set it is measured on and its name, as e_recall@1 or, of other embeddings than the usual ones,
/// e_recall@1/NAME.
struct SeriesName {
  std::string set, name;
  auto operator<=>(const SeriesName&) const = default;
};

/// "train:loss"; what has no colon is of the test set.
SeriesName series_name(const std::string& text);

/// What one trial has measured.
class TrialFigures {
 public:
  /// A point, after those of earlier attempts and of smaller sequence: where an epoch was measured again, the newer
  /// value counts.
  void take(const v1::Event& point);

  /// In the order in which they were first measured.
  const std::vector<SeriesName>& names() const { return names_; }
  /// By epoch; empty for what was not measured.
  const catalogue::Course& course(const SeriesName& name) const;

 private:
  std::vector<SeriesName> names_;
  std::vector<catalogue::Course> courses_;  ///< As `names_`.
};

}  // namespace oodml::cli::curves
