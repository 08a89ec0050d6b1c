#pragma once

#include <string>
#include <string_view>

namespace oodml::cli {

/// A text in which nothing is a command of LaTeX; Greek letters and signs that tables have become their commands.
std::string latex_escaped(std::string_view text);

/// A cell of a table: numbers with their signs and ± in mathematics, "-" as a dash, anything else escaped.
std::string latex_cell(std::string_view text);

}  // namespace oodml::cli
