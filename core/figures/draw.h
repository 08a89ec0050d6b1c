#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/figures/figure.h"

namespace oodml::figures {

/// Writes NAME.csv (every number drawn) and NAME.gp (the script) of each figure into the folder, which is made, and has
/// gnuplot make NAME.pdf and NAME.svg of them. One run of gnuplot draws all.
///
/// kFailedPrecondition when gnuplot is not there: CSV and scripts are, and the message says what to install; with what
/// gnuplot said when it failed. kInvalidArgument for a name that is no file's, or lists of unequal lengths.
Status draw(const std::vector<Figure>& figures, const std::filesystem::path& folder);

/// The program that draws: gnuplot of the PATH, or what OODML_GNUPLOT says; empty when there is none.
std::filesystem::path gnuplot_program();

}  // namespace oodml::figures
