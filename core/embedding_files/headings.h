#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/embedding_files/fields.h"

namespace oodml::embedding_files {

/// What the heading of a column says about it. Case, spaces, _ and - do not count.
enum class HeadingKind {
  kOther,
  kLabel,      ///< label, class, target, category and their kin: class_id, Targets, ...
  kRowNumber,  ///< index, `Unnamed: 0` and their kin, as pandas writes row numbers
  kRowName,    ///< id, path, image, ...: names a row, or now and then its class
  kEmpty,
};
HeadingKind kind_of_heading(std::string_view heading);

/// Whether the first line of a table names its columns.
enum class FirstLine { kRow, kHeading, kUnclear };
/// `second`: the fields of the next line, none where there is none.
FirstLine judge_first_line(const std::vector<Field>& first, const std::vector<Field>& second);

/// Whether column `at` is named as its neighbour is, with the next number: e7 behind e6, dim_3 before dim_4, 1 behind
/// 0.
bool is_numbered_like_neighbour(const std::vector<std::string>& headings, std::size_t at);

}  // namespace oodml::embedding_files
