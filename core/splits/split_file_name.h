#pragma once

namespace oodml::splits {

/// The split file of a benchmark's folder unless a trial names another one.
inline constexpr const char* kUsualSplitFile = "splits.json";

}  // namespace oodml::splits
