#pragma once

#include <map>
#include <string>

#include "core/base/result.h"

namespace oodml::sweep {

/// What the trial key `group` says with the labels put in: "{benchmark}_ID-{split}_{criterion}" becomes
/// "CUB_ID-3_ArcFace". A brace of the text itself is written twice. kInvalidArgument with the axes where one is
/// named that the trial does not have, on braces that do not pair, and where the name would not be 1 to 100 bytes
/// without control characters.
Result<std::string> group_name(const std::string& text, const std::map<std::string, std::string>& labels);

}  // namespace oodml::sweep
