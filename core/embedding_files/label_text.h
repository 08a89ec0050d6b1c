#pragma once

#include <string>

#include "core/base/result.h"
#include "core/embedding_files/fields.h"

namespace oodml::embedding_files {

/// The label that a field holds: a text, or an integer, however it is written (3, 3.0, 3.000e+00 are one). `place`
/// starts the kInvalidArgument of a field that is empty, says that it is missing (NA, in quotes it is a text), or is a
/// number with a fraction.
Result<std::string> label_of(const Field& field, const std::string& place);

/// A text as a label: UTF-8 as it is; else each byte that is no part of a character, or a control one, becomes \xNN, so
/// that labels of other encodings stay apart.
std::string as_label(std::string text);

/// The label that a number is.
Result<std::string> label_of(double value, const std::string& place);

}  // namespace oodml::embedding_files
