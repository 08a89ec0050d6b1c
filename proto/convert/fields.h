#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/limits.h"

/// What single fields of the wire must look like. Every failure is kInvalidArgument and starts with the
/// field's path: "events[3].metric.name: empty; 1 to 128 bytes wanted".
namespace oodml::convert {

using job::kMaxBenchmarks;
using job::kMaxEvents;
using job::kMaxGpus;
using job::kMaxLeases;
using job::kMaxMessageBytes;
using job::kMaxNameBytes;
using job::kMaxPathBytes;
using job::kMaxPrograms;
using job::kMaxSettings;
using job::kMaxSlots;
using job::kMaxSplitIds;
using job::kMaxStamps;
using job::kMaxValueBytes;
using job::kMaxWeights;

/// [A-Za-z0-9._-]{1,128}
Result<WorkerId> worker_id(std::string_view field, std::string_view text);
/// 32 lower-case hexadecimal digits.
Result<LeaseId> lease_id(std::string_view field, std::string_view text);
/// 1 to 64 bytes, chosen by the caller, equal for repeats of one call.
Result<std::string> request_id(std::string_view field, std::string_view text);
/// 1 to `max_bytes` bytes without control characters.
Result<std::string> name(std::string_view field, std::string_view text, std::size_t max_bytes = kMaxNameBytes);
/// 64 lower-case hexadecimal digits.
Result<std::string> sha256(std::string_view field, std::string_view text);
/// A relative path without empty, `.` or `..` parts, which ends nowhere outside of the folder that it is below.
Result<std::string> path_below(std::string_view field, std::string_view text);
/// At most `max_bytes` bytes; may be empty.
Result<std::string> text(std::string_view field, std::string_view text, std::size_t max_bytes = kMaxMessageBytes);

Result<std::int64_t> at_least(std::string_view field, std::int64_t value, std::int64_t smallest);
Result<Time> time(std::string_view field, std::int64_t millis);
Status check_count(std::string_view field, int count, int largest);

/// An entry's path: events[3].
std::string item(std::string_view list, int index);

/// `bytes` as proto3 demands of a string: valid UTF-8 (what is not becomes U+FFFD), and at most `max_bytes`
/// bytes, a cut marked by "... [cut]". Text of trials and of the system can be anything.
std::string wire_text(std::string_view bytes, std::size_t max_bytes = kMaxMessageBytes);

/// The same for a name: what `name` above accepts. Control characters become '?', and so does an empty one.
std::string wire_name(std::string_view bytes, std::size_t max_bytes = kMaxNameBytes);

/// The same result; a failure's message gets `field.` before it.
template <typename T>
Result<T> within(std::string_view field, Result<T> result) {
  if (result.has_value()) return result;
  return failure(result.error().code(), std::string(field) + "." + result.error().message());
}

}  // namespace oodml::convert
