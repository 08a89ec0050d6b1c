#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/choices.h"

namespace oodml::embedding_files {

struct LabelLines {
  std::vector<std::string> labels;  ///< At least one.
  std::vector<std::string> notes;   ///< For the reader of the figures.
};

/// The labels of a text file: one a line, or a column of a table that its heading or `choices` names. Lines of several
/// fields with nothing that says which one is the label (`number label`, as in CUB's image_class_labels.txt) are
/// kInvalidArgument, with line and option; so are empty lines, whose place would shift the rest.
Result<LabelLines> parse_labels(std::string_view text, const std::string& name, const Choices& choices);

/// One name a line, whatever it holds.
Result<std::vector<std::string>> parse_names(std::string_view text, const std::string& name);

}  // namespace oodml::embedding_files
