#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::cli::scale {

/// What a program printed to standard output when it ended with exit code 0. No shell is asked: the first word is found
/// along PATH, `input` is its standard input. kUnavailable: it ended otherwise (with the last line it said),
/// kNotFound: no such program; kDeadlineExceeded: it did not end within `limit`, and it and its children were killed;
/// kResourceExhausted: it printed more than 16 MiB.
Result<std::string> run_command(const std::vector<std::string>& words, std::string_view input, Duration limit);

}  // namespace oodml::cli::scale
