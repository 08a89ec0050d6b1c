#include "coordinator/cli/report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "coordinator/cli/report/summary.h"
#include "core/base/words.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report {
namespace {

/// Small ones keep their order of magnitude.
std::string p_text(double p) {
  if (std::isnan(p)) return "-";
  return p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p);
}

std::vector<std::string> difference_cells(const statistics::PairedDifference& difference, Unit unit) {
  const bool is_number = difference.n > 0;
  return {is_number ? fmt::format("{:+.{}f}", unit.factor * difference.mean, unit.decimals) : "-",
          interval_text(difference.interval, unit), p_text(difference.p_t), p_text(difference.p_flip),
          std::to_string(difference.n)};
}

const Contestant* baseline_of(const Contest& contest) {
  const auto found = std::ranges::find_if(contest.methods, &Contestant::is_baseline);
  return found == contest.methods.end() ? nullptr : &*found;
}

Table empty_table(const std::string& name, const std::vector<std::string>& heading, const std::string& baseline) {
  Table table{
      .name = name,
      .caption = "Difference to " + baseline +
                 ", seed by seed (means over the splits that both have). Shares in points of %; p: two-sided, of "
                 "the paired t test, and exact over all choices of signs (at best 2^(1-n)); n: seeds that both have",
      .align = std::string(heading.size() + 1, 'l') + "rrrrr",
      .heading = heading,
      .rows = {}};
  for (const char* words : {"method", "difference", "95 % t", "p (t)", "p (signs)", "n"})
    table.heading.emplace_back(words);
  return table;
}

/// Adds a row a method but the baseline; whether one of them has a single seed.
bool add_rows(Table& table, const Contest& contest, const Contestant& baseline) {
  bool of_one_seed = false;
  for (const Contestant& method : contest.methods) {
    if (method.is_baseline) continue;
    const statistics::PairedDifference difference = difference_by_seed(method, baseline);
    of_one_seed = of_one_seed || difference.n == 1;
    std::vector<std::string> cells = contest.cells;
    cells.push_back(method.method);
    for (std::string& cell : difference_cells(difference, contest.unit)) cells.push_back(std::move(cell));
    table.rows.push_back(std::move(cells));
  }
  return of_one_seed;
}

std::string unknown_baseline(const std::vector<Contest>& contests, const std::string& baseline) {
  std::set<std::string> known;
  for (const Contest& contest : contests) {
    for (const Contestant& method : contest.methods) known.insert(method.method);
  }
  return "no method '" + baseline + "' (--baseline) to compare with; there are " + joined(known);
}

}  // namespace

statistics::PairedDifference difference_by_seed(const Contestant& method, const Contestant& baseline) {
  std::map<std::int64_t, std::vector<double>> ours, theirs;
  for (const auto& [measured, value] : method.values) {
    const auto other = baseline.values.find(measured);
    if (other == baseline.values.end() || std::isnan(value) || std::isnan(other->second)) continue;
    ours[measured.seed].push_back(value);
    theirs[measured.seed].push_back(other->second);
  }
  statistics::Pairs pairs;
  for (const auto& [seed, values] : ours) {
    pairs.first.push_back(statistics::mean(values));
    pairs.second.push_back(statistics::mean(theirs[seed]));
  }
  return statistics::paired_difference(pairs);
}

void add_comparison(Section& section, const std::string& name, const std::vector<std::string>& heading,
                    const std::vector<Contest>& contests, const std::string& baseline) {
  if (baseline.empty()) return;
  Table table = empty_table(name, heading, baseline);
  std::vector<std::string> without;
  bool of_one_seed = false;
  for (const Contest& contest : contests) {
    const Contestant* standard = baseline_of(contest);
    if (standard == nullptr) {
      without.push_back(joined(contest.cells));
    } else if (add_rows(table, contest, *standard)) {
      of_one_seed = true;
    }
  }
  if (without.size() == contests.size()) {
    section.missing.push_back(unknown_baseline(contests, baseline));
    return;
  }
  if (!without.empty()) section.missing.push_back(baseline + " has no values of " + joined(without, "; "));
  if (of_one_seed)
    section.missing.push_back("with a single seed in common a difference has no interval and no p value");
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
}

bool is_called(const Run& run, const std::string& shown, const std::string& wanted) {
  return !wanted.empty() && (wanted == run.method || wanted == run.group || wanted == shown);
}

}  // namespace oodml::cli::report
