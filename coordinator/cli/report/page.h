#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"

namespace oodml::cli::report {

/// What stands above the sections.
struct Heading {
  std::string kind, made;            ///< "oodml"; the time, as people read it.
  std::vector<std::string> sweeps;   ///< A line each: "zero-shot (sweep 3), finished, 997 of 1000 trials".
  std::vector<std::string> choices;  ///< How values were chosen and what the error bars are.
  std::vector<std::string> missing;  ///< Of the whole report; those of sections follow by themselves.
  std::string command;               ///< With which it was made.
};

/// The report as one HTML page beside its files: contents, what is missing, every figure as NAME.svg with links to
/// NAME.pdf, .csv and .gp, every table with links to NAME.csv and .tex. It needs no network and no script. Texts are
/// escaped wherever they come from. `drawn`: the pictures are there; else their numbers and scripts are linked alone.
std::string page_html(const Document& document, const Heading& heading, bool drawn);

/// A text in which nothing is markup, for elements and for attributes in double quotes.
std::string html_escaped(std::string_view text);

}  // namespace oodml::cli::report
