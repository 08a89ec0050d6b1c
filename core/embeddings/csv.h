#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::embeddings {

struct CsvRows {
  std::vector<double> values;       ///< [N, D], row by row
  std::int64_t columns = 0;         ///< D
  std::vector<std::string> labels;  ///< [N], where the last column holds them; else empty
};

/// One row a line, separated by commas, tabs, semicolons or spaces (whichever the first line has, in this order), after
/// an optional line of column names. Fields may stand in double quotes. kInvalidArgument names line and column.
Result<CsvRows> parse_csv(std::string_view text, const std::string& name, bool last_column_is_label);

/// One label a line; a first line `label`, `labels`, `class` or `target` is a heading.
Result<std::vector<std::string>> parse_label_lines(std::string_view text, const std::string& name);

}  // namespace oodml::embeddings
