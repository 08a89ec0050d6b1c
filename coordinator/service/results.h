#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/service/sweep_views.h"

namespace oodml::coordinator {

struct ResultsQuery {
  SweepRef sweep;
  std::vector<std::string> metrics;  ///< e_recall@1, or train:dists@intra; empty: all of the test set
  std::vector<std::string> by;       ///< empty: every axis but the replicate axis
  std::vector<std::pair<std::string, std::string>> filter;
  std::string sort;
  std::string over;  ///< Axis to aggregate over: each figure becomes the area under it over the splits' FID (AGS).
  std::int64_t after_row = 0;  ///< Rows that the caller has already.
};

/// Mean, sample standard deviation and 95 % t half-width; NaN where undefined (n = 0; sd for n < 2).
struct Spread {
  std::int64_t n = 0;
  double mean = 0, sd = 0, half_width = 0;
};

struct Statistic {
  std::string metric, set;
  std::int64_t n = 0, n_expected = 0;
  Spread best, last, selected;
  double best_epoch_mean = 0;
};

struct ResultRow {
  std::vector<std::pair<std::string, std::string>> labels;
  std::int64_t n = 0, n_expected = 0;
  std::vector<Statistic> statistics;
  std::vector<std::string> mixes;  ///< Why its trials do not belong together: they were made of different data.
};

struct ResultsTable {
  SweepView sweep;
  std::vector<std::string> by;
  std::vector<ResultRow> rows;
  std::int64_t n = 0, n_expected = 0;  ///< Trials, or with `over` all that differ in its label only counted as one.
  std::string over;                    ///< As asked for.
  std::vector<std::string> notes;      ///< What the rows together are mixed of, and how many trials do not say.
  std::int64_t rows_left_out = 0;      ///< That come after these.
};

}  // namespace oodml::coordinator
