#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"

namespace oodml::cli::report {

/// The table with this name; one without rows where there is none.
inline Table table_of(const Document& document, const std::string& name) {
  for (const Section& section : document.sections) {
    for (const Table& table : section.tables) {
      if (table.name == name) return table;
    }
  }
  return {};
}

/// The figure with this name; one without panels where there is none.
inline figures::Figure drawing_of(const Document& document, const std::string& name) {
  for (const Section& section : document.sections) {
    for (const figures::Figure& figure : section.figures) {
      if (figure.name == name) return figure;
    }
  }
  return {};
}

inline std::vector<figures::Figure> drawings_of(const Document& document) {
  std::vector<figures::Figure> all;
  for (const Section& section : document.sections)
    all.insert(all.end(), section.figures.begin(), section.figures.end());
  return all;
}

/// All that is said to be missing, a line each.
inline std::string missing_in(const Document& document) {
  std::string text;
  for (const Section& section : document.sections) {
    for (const std::string& line : section.missing) text += line + "\n";
  }
  return text;
}

using Row = std::vector<std::string>;

}  // namespace oodml::cli::report
