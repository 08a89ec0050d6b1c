#pragma once

#include <string>
#include <string_view>

namespace oodml::testing {

/// What zlib's deflate makes of the bytes, in each of its wrappings.
std::string raw_deflated(std::string_view bytes);   ///< None, as in archives.
std::string zlib_deflated(std::string_view bytes);  ///< zlib's, as in PNG files.
std::string gzipped(std::string_view bytes);        ///< A gzip file.

}  // namespace oodml::testing
