#pragma once

#include <string>

namespace oodml {

/// A field of a CSV line, quoted where it must be.
std::string csv_field(const std::string& text);

/// The shortest text that reads back as the same double; empty for what is not finite.
std::string csv_number(double value);

}  // namespace oodml
