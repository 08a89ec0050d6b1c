#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/job/event.h"

namespace oodml::protocol {

/// The most bytes of a line, with its newline. Longer messages are cut in their last text value.
inline constexpr std::size_t kMaxLine = 4096;
/// The descriptor a trial writes its lines to.
inline constexpr int kEventDescriptor = 3;

/// "metric epoch=3 set=test embeds=embeds name=e_recall@1 value=0.6523\n": `verb key=value ...`, values
/// percent-escaped (space, %, control characters, =, bytes above 126), doubles in their shortest exact form.
std::string encode(const job::EventBody& body);

/// A line without its newline. An unknown verb gives nullopt and unknown keys are skipped, so that a newer
/// trial can talk to an older worker; a malformed line is kInvalidArgument and names what is wrong.
Result<std::optional<job::EventBody>> decode(std::string_view line);

}  // namespace oodml::protocol
