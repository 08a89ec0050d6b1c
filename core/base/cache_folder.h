#pragma once

#include <filesystem>

namespace oodml {

/// Where what is known of this machine's disks is kept between runs: $OODML_CACHE, else $XDG_CACHE_HOME/oodml or
/// ~/.cache/oodml. Empty: nothing is remembered.
std::filesystem::path cache_folder();

}  // namespace oodml
