#include "coordinator/cli/curves/sweep_chart.h"

#include <algorithm>

#include "coordinator/cli/curves/chosen_series.h"
#include "coordinator/cli/curves/trial_chart.h"
#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/text.h"
#include "core/base/words.h"

namespace oodml::cli::curves {
namespace {

/// Of how many trials the means of a row are.
struct Counts {
  std::size_t least = 0, most = 0;

  void add(std::size_t n) {
    least = most == 0 ? n : std::min(least, n);
    most = std::max(most, n);
  }
};

catalogue::Course mean_course(const SweepRow& row, const SeriesName& series, Counts& counts) {
  struct Sum {
    double value = 0.0;
    std::size_t n = 0;
  };
  std::map<std::int64_t, Sum> sums;
  for (const TrialFigures* trial : row.trials) {
    for (const auto& [epoch, value] : trial->course(series)) {
      sums[epoch].value += value;
      ++sums[epoch].n;
    }
  }
  catalogue::Course course;
  for (const auto& [epoch, sum] : sums) {
    course[epoch] = sum.value / static_cast<double>(sum.n);
    counts.add(sum.n);
  }
  return course;
}

std::vector<SeriesName> measured_by(const std::vector<SweepRow>& rows) {
  std::vector<SeriesName> names;
  for (const SweepRow& row : rows) {
    for (const TrialFigures* trial : row.trials) {
      for (const SeriesName& name : trial->names()) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      }
    }
  }
  return names;
}

/// Whether the label at this place is the same in every one of several rows: then it is said once.
bool is_constant(const std::vector<SweepRow>& rows, std::size_t place) {
  return rows.size() > 1 &&
         std::ranges::all_of(rows, [&](const SweepRow& row) { return row.labels[place] == rows[0].labels[place]; });
}

std::string named(const std::pair<std::string, std::string>& label) {
  return label.first + "=" + (label.second.empty() ? "-" : one_line(label.second));
}

std::string row_text(const std::vector<SweepRow>& rows, const SweepRow& row) {
  std::vector<std::string> words, labels;
  for (std::size_t i = 0; i < row.labels.size(); ++i) {
    if (is_constant(rows, i)) continue;
    words.push_back(named(row.labels[i]));
    labels.push_back(row.labels[i].second);
  }
  if (words.empty()) return "all";
  return words.size() == 1 && !labels[0].empty() ? labels[0] : joined(words, " ");
}

std::string n_of(const Counts& counts, std::size_t expected) {
  const std::string least = counts.least == counts.most ? "" : std::to_string(counts.least) + "-";
  return "n " + least + std::to_string(counts.most) + "/" + std::to_string(expected);
}

std::string sweep_heading(const SweepFigures& figures) {
  const v1::SweepSummary& sweep = figures.sweep;
  std::string text = "Sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() + ": " + sweep.state() + ", " +
                     counts_text(sweep.counts(), {}) + ". Across: epochs; means over the n trials of a row";
  std::vector<std::string> constant;
  for (std::size_t i = 0; !figures.rows.empty() && i < figures.rows[0].labels.size(); ++i) {
    if (is_constant(figures.rows, i)) constant.push_back(named(figures.rows[0].labels[i]));
  }
  return text + (constant.empty() ? "." : "; in every row " + joined(constant) + ".");
}

std::string left_out_text(const std::vector<std::int64_t>& trials) {
  return counted(static_cast<std::int64_t>(trials.size()), "trial") +
         " failed or cancelled and in no mean; how far one came: oodml curves trial " + std::to_string(trials.front());
}

}  // namespace

Result<Chart> sweep_chart(const SweepFigures& figures, const std::vector<std::string>& metrics) {
  Chart chart{.heading = sweep_heading(figures)};
  const bool is_live = figures.sweep.state() != "finished" && figures.sweep.state() != "cancelled";
  const std::vector<SeriesName> measured = measured_by(figures.rows);
  if (measured.empty()) {
    chart.notes.push_back(is_live ? "No figures yet: the first come with the end of an epoch."
                                  : "No figures: no trial of these rows came to the end of an epoch.");
    return chart;
  }
  OODML_ASSIGN_OR_RETURN(const std::vector<SeriesName> chosen,
                         chosen_series(metrics, measured, "sweep " + figures.sweep.name(), is_live));
  std::vector<Counts> counts(figures.rows.size());
  for (const SeriesName& series : chosen) {
    Panel panel{.title = title_in_unit(metric_title(series.set, series.name), series.name)};
    for (std::size_t i = 0; i < figures.rows.size(); ++i) {
      panel.curves.push_back(curve_of(i, mean_course(figures.rows[i], series, counts[i]), series.name));
    }
    chart.panels.push_back(std::move(panel));
  }
  for (std::size_t i = 0; i < figures.rows.size(); ++i) {
    const SweepRow& row = figures.rows[i];
    chart.names.push_back(row_text(figures.rows, row) + ", " + n_of(counts[i], row.expected));
  }
  if (figures.rows.size() < figures.rows_there) {
    chart.notes.push_back("The first " + std::to_string(figures.rows.size()) + " of " +
                          std::to_string(figures.rows_there) +
                          " rows, as many as there are colours: choose with --filter AXIS=LABEL, average over more "
                          "with --by AXIS, or begin with the best by --sort -METRIC.");
  }
  if (!figures.left_out.empty()) chart.notes.push_back(left_out_text(figures.left_out));
  return chart;
}

}  // namespace oodml::cli::curves
