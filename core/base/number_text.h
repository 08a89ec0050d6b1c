#pragma once

#include <string>

namespace oodml {

/// The shortest text that reads back as the same double: 0.1, 1e-05, 3, nan, inf, -inf.
std::string number_text(double value);

}  // namespace oodml
