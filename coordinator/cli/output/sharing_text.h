#pragma once

#include <string>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "oodml/v1/sharing.pb.h"

namespace oodml::cli {

/// Owners with what they have and may have, who has least of its share first; then limits of labels.
std::string shares_text(const v1::ListSharesReply& reply, const Style& style);
Json json_of(const v1::ListSharesReply& reply);

/// Who is before a trial that waits, and what holds it: the lines below `oodml show trial`.
std::string order_text(const v1::ExplainOrderReply& order);
Json json_of(const v1::ExplainOrderReply& order);

/// What became of a mark; `done` is what was said: cordoned, uncordoned, drained.
std::string marked_text(const std::string& worker, const std::string& done, const v1::MarkWorkerReply& reply);
Json json_of(const v1::MarkWorkerReply& reply);

}  // namespace oodml::cli
