#pragma once

#include <string>
#include <string_view>

#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

/// How numbers of a figure are shown: shares in percent with two decimals, anything else as it is with four.
struct Unit {
  double factor = 1.0;
  int decimals = 4;

  bool operator==(const Unit&) const = default;
};
inline constexpr Unit kPercent = {.factor = 100.0, .decimals = 2};

/// Of "test:e_recall@1", "test:gain.nmi/NAME": by the catalogue's metric in it.
Unit unit_of(std::string_view figure);

/// "65.23" in the unit; "-" for NaN.
std::string number_text(double value, Unit unit);

/// As papers write it: "R@1" of e_recall@1, "NMI", "F1", "mAP@1000" of mAP_1000, "π_intra" of dists@intra, "ρ" of
/// rho_spectrum@2; other names stay, and those of sets but test stand before: "train π_intra".
std::string figure_title(std::string_view figure);

/// As the studies write it: CUB, CARS, SOP; a benchmark of people's own goes by its label in the sweep, else its name.
std::string benchmark_title(const Run& run);

/// The figure itself where the run has it; else that of its joined embedding (Combined_...), else of its first other
/// embedding: "test:nmi/Combined_discriminative_shared". Where it has none, the figure.
std::string figure_of(const Run& run, const std::string& figure);

/// Begins file names: letters and digits of the text in small letters, anything else one "_".
std::string file_word(std::string_view text);

}  // namespace oodml::cli::report
