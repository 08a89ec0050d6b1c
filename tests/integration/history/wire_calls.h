#pragma once

#include <vector>

#include "tests/integration/history/call.h"
#include "tests/support/recording_proxy.h"

namespace oodml::testing::history {

/// What a RecordingProxy before a coordinator recorded; calls that only read, and Register, are left out. Throws
/// std::runtime_error where the bytes are no message.
std::vector<Call> calls_of(const std::vector<RecordedCall>& recorded);

}  // namespace oodml::testing::history
