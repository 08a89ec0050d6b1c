#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// What stands for {file: NAME}: one scalar a line of that file, each with its place.
using LinesOf = std::function<Result<std::vector<Node>>(const Node& name)>;

/// Puts lists in the place of {file: splits.txt}, where an axis of a sweep (below `matrix:` and `zip:`, those of blocks
/// too) has it as its value or among its entries. True when there was one.
Result<bool> put_in_lists(Node& root, const LinesOf& lines_of);

/// The values of a list file: one a line, as it stands there, without the spaces around it; empty lines and those that
/// begin with # are none. Places are those of `diagnostics`, which are of this file alone.
Result<std::vector<Node>> read_list(std::string_view text, Diagnostics& diagnostics);

}  // namespace oodml::sweep
