#include "coordinator/cli/exit_code.h"

namespace oodml::cli {

ExitCode exit_code_of(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return kDone;
    case StatusCode::kInvalidArgument:
      return kUsageOrSpecification;
    case StatusCode::kPermissionDenied:
    case StatusCode::kUnauthenticated:
      return kNotAllowed;
    case StatusCode::kNotFound:
      return kNotFound;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
    case StatusCode::kFailedPrecondition:
      return kConflict;
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
      return kUnreachable;
    case StatusCode::kCancelled:
      return kInterrupted;
    case StatusCode::kResourceExhausted:
    case StatusCode::kDataLoss:
    case StatusCode::kUnimplemented:
    case StatusCode::kInternal:
      return kOtherFailure;
  }
  return kOtherFailure;
}

}  // namespace oodml::cli
