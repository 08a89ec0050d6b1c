#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/figures/figure.h"

namespace oodml::cli::report {

/// A table of texts: written as CSV, as LaTeX (booktabs) and into the page. `align` is as LaTeX has it: "lrr".
struct Table {
  std::string name;  ///< Beginning of its files' names, as of a figure.
  std::string caption, align;
  std::vector<std::string> heading;
  std::vector<std::vector<std::string>> rows;
};

/// A picture that another command has drawn: its files are copied into the report under `name` with their endings. An
/// .svg or .png among them is shown.
struct Picture {
  std::string name, caption;
  std::vector<std::filesystem::path> files;
};

/// A part of the report: what was asked, what is shown, and what is missing for it, in words for the reader.
struct Section {
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<std::string> missing;  ///< "3 of 40 trials have no result: ..."; shown in the page and on stderr.
  std::vector<figures::Figure> figures;
  std::vector<Table> tables;
  std::vector<Table> data;  ///< Too long to be read: written as CSV alone, and linked.
  std::vector<Picture> pictures;
};

struct Document {
  std::string title;
  std::vector<Section> sections;
};

}  // namespace oodml::cli::report
