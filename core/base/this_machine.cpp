#include "core/base/this_machine.h"

#include <utility>

namespace oodml {

bool lies_in_this_machine(StatusCode code) {
  switch (code) {
    case StatusCode::kNotFound:
    case StatusCode::kPermissionDenied:
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable:
    case StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

Status of_this_machine(Status status) {
  if (status.ok() || lies_in_this_machine(status.code())) return status;
  const bool damaged = status.code() == StatusCode::kInvalidArgument;
  return {damaged ? StatusCode::kDataLoss : StatusCode::kUnavailable, status.message()};
}

}  // namespace oodml
