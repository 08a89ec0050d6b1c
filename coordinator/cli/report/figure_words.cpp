#include "coordinator/cli/report/figure_words.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "core/catalogue/best_epoch.h"

namespace oodml::cli::report {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

constexpr std::array<Words, 3> kBenchmarks = {{{"cub200", "CUB"}, {"cars196", "CARS"}, {"online_products", "SOP"}}};

constexpr std::array<Words, 13> kTitles = {{{"nmi", "NMI"},
                                            {"f1", "F1"},
                                            {"mAP", "mAP"},
                                            {"mAP_1000", "mAP@1000"},
                                            {"mAP_lim", "mAP (1023)"},
                                            {"mAP_c", "mAP@R"},
                                            {"dists@intra", "π_intra"},
                                            {"dists@inter", "π_inter"},
                                            {"dists@intra_over_inter", "π_ratio"},
                                            {"rho_spectrum@2", "ρ"},
                                            {"rho_spectrum@1", "ρ@1"},
                                            {"rho_spectrum@-1", "ρ@-1"},
                                            {"rho_spectrum@10", "ρ@10"}}};

struct FigureParts {
  std::string_view set, measured;
};

FigureParts parts_of(std::string_view figure) {
  const std::size_t colon = figure.find(':');
  FigureParts parts;
  if (colon != std::string_view::npos) parts.set = figure.substr(0, colon);
  parts.measured = figure.substr(colon == std::string_view::npos ? 0 : colon + 1);
  parts.measured = parts.measured.substr(0, parts.measured.find('/'));
  return parts;
}

/// Without the few-shot program's part of the name.
std::string_view metric_of(std::string_view measured) {
  const std::size_t dot = measured.find('.');
  return dot == std::string_view::npos ? measured : measured.substr(dot + 1);
}

}  // namespace

Unit unit_of(std::string_view figure) {
  return catalogue::larger_is_better(metric_of(parts_of(figure).measured)) ? kPercent : Unit{};
}

std::string number_text(double value, Unit unit) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", unit.factor * value, unit.decimals);
}

std::string figure_title(std::string_view figure) {
  const FigureParts parts = parts_of(figure);
  const std::string_view metric = metric_of(parts.measured);
  std::string title(metric);
  if (metric.starts_with("e_recall@")) title = "R" + std::string(metric.substr(8));
  for (const auto& [name, written] : kTitles) {
    if (name == metric) title = written;
  }
  const bool is_of_test = parts.set.empty() || parts.set == "test";
  return is_of_test ? title : std::string(parts.set) + " " + title;
}

std::string benchmark_title(const Run& run) {
  for (const auto& [name, written] : kBenchmarks) {
    if (name == run.benchmark) return std::string(written);
  }
  const auto label = run.labels.find("benchmark");
  return label != run.labels.end() ? label->second : run.benchmark;
}

std::string figure_of(const Run& run, const std::string& figure) {
  if (run.courses.contains(figure)) return figure;
  const std::string others = figure + "/";
  std::string first;
  for (auto place = run.courses.lower_bound(others); place != run.courses.end(); ++place) {
    if (!place->first.starts_with(others)) break;
    if (place->first.starts_with(others + "Combined_")) return place->first;
    if (first.empty()) first = place->first;
  }
  return first.empty() ? figure : first;
}

std::string file_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 && byte < 0x80) {
      word += static_cast<char>(std::tolower(byte));
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  while (word.ends_with('_')) word.pop_back();
  return word.empty() ? "x" : word;
}

}  // namespace oodml::cli::report
