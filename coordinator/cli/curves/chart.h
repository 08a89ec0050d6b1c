#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/cli/curves/panel.h"
#include "core/figures/figure.h"

namespace oodml::cli::curves {

/// What is drawn, in the terminal or as a picture.
struct Chart {
  std::string heading;             ///< Of what, and how far that is.
  std::vector<std::string> names;  ///< Of the curves, by their numbers; empty: each panel's title says enough.
  std::vector<Panel> panels;
  std::vector<std::string> notes;  ///< A line each: what is missing, what to do about it.
};

/// Room in a terminal, in characters; 0 rows: any number.
struct Room {
  std::size_t columns = 79, rows = 0;
};

/// Braille where the style can show it and colours, or panels of one curve each, tell curves apart; else marks.
Form form_for(const Chart& chart, const Style& style, bool plain);

/// The chart as lines that fit the room: panels beside and below each other, as many as there is room for, the others
/// named in a note. Where even one has no room, the lines are cut.
std::vector<std::string> chart_lines(const Chart& chart, Room room, Form form, const Style& style);

/// The same as a picture for a paper, with every panel. `name` is that of its files.
figures::Figure picture_of(const Chart& chart, const std::string& name);

}  // namespace oodml::cli::curves
