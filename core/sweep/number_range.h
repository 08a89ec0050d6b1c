#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// Whether `node` is a map that says where numbers begin: {from: 1e-5, to: 1e-3, count: 5, scale: log}.
bool is_number_range(const Node& node);

/// The numbers of a range as texts, ascending, both ends with it:
///   {from: 1, to: 9, step: 2}   exact decimals; the last is the last that is not above `to`
///   {from: 0, to: 1, count: 5}  evenly spaced; those that are no short decimals to three digits of their distance
///   {..., scale: log}           evenly spaced in the logarithm, to three digits, more where neighbours are near
/// Not more than `most` + 1 of them. Nothing, and what is wrong in `diagnostics`, when it is no such range.
std::optional<std::vector<std::string>> number_range(const Node& map, std::int64_t most, Diagnostics& diagnostics);

}  // namespace oodml::sweep
