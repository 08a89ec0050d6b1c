#pragma once

#include <grpcpp/support/status.h>

#include "core/base/result.h"

/// The one place where gRPC's codes and ours meet.
namespace oodml::convert {

/// The message is cut, at a line where it has some, so that it fits gRPC's limit of 8 KiB for all trailing metadata of
/// a reply; the last line then says how much was left out.
grpc::Status to_grpc(const Status& status);

/// UNKNOWN and what we never send become kInternal; OUT_OF_RANGE becomes kInvalidArgument. The message stays.
Status from_grpc(const grpc::Status& status);

}  // namespace oodml::convert
