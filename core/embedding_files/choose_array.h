#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array_file.h"

namespace oodml::embedding_files {

struct ChosenArray {
  std::string name;
  Array array;
};

/// The array of the embeddings: the one asked for, else `embeddings`, else the only one of two dimensions, which a note
/// says. kInvalidArgument lists the arrays where several could be meant, or none.
Result<ChosenArray> choose_rows(const ArrayFile& file, const std::string& asked, std::vector<std::string>& notes);

/// The array of the labels: the one asked for, else `labels`, else the only one that is called like labels (targets, y,
/// arr_1, ...) and has one for each of `rows`, where that is known; nothing where there is none.
Result<std::optional<ChosenArray>> choose_labels(const ArrayFile& file, const std::string& asked,
                                                 const std::string& rows_array, std::optional<std::int64_t> rows,
                                                 std::vector<std::string>& notes);

}  // namespace oodml::embedding_files
