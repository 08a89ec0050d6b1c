#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/embedding_files/choices.h"
#include "core/embedding_files/label_lines.h"

namespace oodml::embedding_files {

/// The labels of a table: the column that `choices` name, or whose heading says that it is the label, or the only one.
/// kInvalidArgument with line and option where several could be meant.
Result<LabelLines> read_label_column(std::string_view text, const std::string& name, const Choices& choices);

}  // namespace oodml::embedding_files
