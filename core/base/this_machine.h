#pragma once

#include "core/base/result.h"

namespace oodml {

/// Whether a failure with this code lies in what this machine has or can do: something that is not there, not readable,
/// damaged, full or away. Elsewhere, or after somebody has mended it, the same may succeed.
bool lies_in_this_machine(StatusCode code);

/// The failure of reading or using something that belongs to this machine, whatever its code was, as one whose code
/// says so: what was found but is not what it should be is kDataLoss, what the machine does not offer kUnavailable.
Status of_this_machine(Status status);
template <typename T>
Result<T> of_this_machine(Result<T> result) {
  if (result.has_value()) return result;
  return std::unexpected(of_this_machine(std::move(result).error()));
}

}  // namespace oodml
