#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/choices.h"

namespace oodml::embedding_files {

/// A column of a table that is a dimension.
struct Dimension {
  std::string text;          ///< "column 3 ('e2')", for messages
  bool is_named = false;     ///< It has a heading,
  bool is_numbered = false;  ///< and that counts on from its neighbour's.
  bool is_plain = false;     ///< All its numbers are integers written without a point or an exponent.
};

struct CsvRows {
  std::vector<double> values;         ///< [N, D], row by row; finite
  std::vector<Dimension> dimensions;  ///< [D]
  std::vector<std::string> labels;    ///< [N], where the table holds them; else empty
  std::vector<std::string> notes;     ///< What was left out or taken for something, for the reader of the figures.
};

/// A table: one row a line, its fields separated by commas, tabs, semicolons, | or spaces, also in double quotes, with
/// a decimal point, or a comma where no comma separates. Headings say which columns are dimensions and which the label;
/// without them the last is, of integers or texts. What could be read in two ways is kInvalidArgument with line, column
/// and the option of `choices` that settles it; so is a number that is missing or not finite.
Result<CsvRows> parse_csv(std::string_view text, const std::string& name, const Choices& choices, bool has_labels);

}  // namespace oodml::embedding_files
