#pragma once

#include <string>
#include <string_view>

namespace oodml::scripts {

/// What TorchScript's interpreter says of a failure, without the frames of C++ and the listings around its own: the
/// message, then the lines of the module from the innermost on, as its author wrote them where the file says so:
///   "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5), at net.py:12 in forward: return x @ self.w; ..."
/// Anything else comes back as its first lines.
std::string failure_text(std::string_view what);

}  // namespace oodml::scripts
