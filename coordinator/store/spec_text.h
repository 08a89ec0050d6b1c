#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/trial_spec.h"

namespace oodml::coordinator::store {

// How plain values lie in a column.

/// One `key value` a line, values in the canonical text of core/base/params.h.
std::string to_text(const job::TrialSpec& spec);
Result<job::TrialSpec> parse_spec(std::string_view text);

/// Everything but Progress (not stored) and Metric (a table of its own), as JSON with the key `kind`.
std::string to_text(const job::EventBody& body);
Result<job::EventBody> parse_event_body(std::string_view text);

}  // namespace oodml::coordinator::store
