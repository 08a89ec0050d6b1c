#pragma once

#include <string>
#include <vector>

#include "core/commands/evaluate/command.h"

namespace oodml::commands {

/// The metrics that `options` names, each once, `all` as every one that the rows, or queries and gallery, can be
/// measured by; where none is named, those that studies report.
std::vector<std::string> asked_metrics(const EvaluateOptions& options);

}  // namespace oodml::commands
