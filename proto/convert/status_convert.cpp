#include "proto/convert/status_convert.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/code_point.h"
#include "proto/convert/fields.h"

namespace oodml::convert {
namespace {

constexpr std::size_t kMaxEncodedBytes = 6 * 1024;  // leaves room for the other trailing metadata
constexpr std::size_t kRoomForNote = 100;

grpc::StatusCode to_grpc(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return grpc::StatusCode::OK;
    case StatusCode::kInvalidArgument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case StatusCode::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case StatusCode::kAlreadyExists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case StatusCode::kAborted:
      return grpc::StatusCode::ABORTED;
    case StatusCode::kFailedPrecondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case StatusCode::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case StatusCode::kUnauthenticated:
      return grpc::StatusCode::UNAUTHENTICATED;
    case StatusCode::kResourceExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case StatusCode::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case StatusCode::kDeadlineExceeded:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case StatusCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case StatusCode::kDataLoss:
      return grpc::StatusCode::DATA_LOSS;
    case StatusCode::kUnimplemented:
      return grpc::StatusCode::UNIMPLEMENTED;
    case StatusCode::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

StatusCode from_grpc(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return StatusCode::kOk;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return StatusCode::kInvalidArgument;
    case grpc::StatusCode::NOT_FOUND:
      return StatusCode::kNotFound;
    case grpc::StatusCode::ALREADY_EXISTS:
      return StatusCode::kAlreadyExists;
    case grpc::StatusCode::ABORTED:
      return StatusCode::kAborted;
    case grpc::StatusCode::FAILED_PRECONDITION:
      return StatusCode::kFailedPrecondition;
    case grpc::StatusCode::PERMISSION_DENIED:
      return StatusCode::kPermissionDenied;
    case grpc::StatusCode::UNAUTHENTICATED:
      return StatusCode::kUnauthenticated;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return StatusCode::kResourceExhausted;
    case grpc::StatusCode::UNAVAILABLE:
      return StatusCode::kUnavailable;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return StatusCode::kDeadlineExceeded;
    case grpc::StatusCode::CANCELLED:
      return StatusCode::kCancelled;
    case grpc::StatusCode::DATA_LOSS:
      return StatusCode::kDataLoss;
    case grpc::StatusCode::UNIMPLEMENTED:
      return StatusCode::kUnimplemented;
    default:
      return StatusCode::kInternal;
  }
}

/// gRPC percent-encodes all but printable ASCII.
std::size_t encoded_bytes(char c) { return c >= ' ' && c <= '~' && c != '%' ? 1 : 3; }

std::string cut_to_fit(std::string message) {
  std::size_t used = 0, end = 0;
  for (; end < message.size() && used <= kMaxEncodedBytes - kRoomForNote; ++end) used += encoded_bytes(message[end]);
  for (std::size_t rest = end; rest < message.size() && used <= kMaxEncodedBytes; ++rest)
    used += encoded_bytes(message[rest]);
  if (used <= kMaxEncodedBytes) return message;
  const std::string_view kept(message.data(), end);
  if (const auto line_end = kept.rfind('\n'); line_end != std::string_view::npos && line_end > end / 2) {
    const auto left_out =
        std::count(message.begin() + static_cast<std::ptrdiff_t>(line_end) + 1, message.end(), '\n') + 1;
    return std::string(kept.substr(0, line_end)) + "\n... and " + std::to_string(left_out) + " more lines";
  }
  const std::string_view whole = beginning_of(message, end);
  return std::string(whole) + "... and " + std::to_string(message.size() - whole.size()) + " more bytes";
}

}  // namespace

grpc::Status to_grpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(to_grpc(status.code()), cut_to_fit(wire_text(status.message(), 1 << 20)));
}

Status from_grpc(const grpc::Status& status) {
  if (status.ok()) return Status();
  return Status(from_grpc(status.error_code()), status.error_message());
}

}  // namespace oodml::convert
