#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// How deep lists and maps may stand in one another.
inline constexpr std::size_t kMaxDepth = 32;

/// One YAML document -> its tree, whose root is a map. Input is hostile until read: refused are more than
/// `max_bytes`, bytes that are not UTF-8, control characters, anchors and aliases (which can grow without bound),
/// tags, several documents, keys that are not plain texts, keys that stand twice, and too deep nesting.
/// Nothing comes back when the text cannot be read at all; the errors are in `diagnostics` in any case.
std::optional<Node> read_yaml(std::string_view text, std::size_t max_bytes, Diagnostics& diagnostics);

/// One YAML value as on a command line (`1e-5`, `[test, train]`); every place in it is `place`.
std::optional<Node> read_yaml_value(std::string_view text, const Place& place, Diagnostics& diagnostics);

}  // namespace oodml::sweep
