#pragma once

#include <string>
#include <vector>

#include "core/splits/split_file.h"

namespace oodml::splits {

/// What is odd about a split file but keeps nobody from using it, a text a thing with its places: another number of
/// episodes than the ten that the published protocol averages over, and splits with the same classes.
std::vector<std::string> remarks_on(const SplitFile& file);

}  // namespace oodml::splits
