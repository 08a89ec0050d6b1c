#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::embedding_files {

/// Says, in place of columns to skip, that none is.
inline constexpr std::string_view kKeepAllColumns = "none";

/// What a user says about a file that does not speak for itself. Columns are named by their heading or counted from 1.
struct Choices {
  std::string label_column;               ///< Of the file that holds the labels; empty: by its heading, else the last.
  std::vector<std::string> skip_columns;  ///< Exactly these are no dimensions; `none` for none. Empty: by headings.
  std::optional<bool> heading;            ///< Whether the first line is one; nothing: judged by what it holds.
  std::string array, label_array;         ///< Names in .npz and .safetensors; empty: `embeddings`, `labels`, or found.
};

}  // namespace oodml::embedding_files
