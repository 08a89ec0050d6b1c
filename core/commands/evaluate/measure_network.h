#pragma once

#include "core/base/result.h"
#include "core/commands/evaluate/command.h"
#include "core/commands/evaluate/measure.h"
#include "core/commands/share_line.h"

namespace oodml::commands {

/// Embeds the images and measures them as the network's trial does, but for what the command line says: on a CPU, of
/// the trial's own sets, its figures.
Result<Measured> measure_network(const EvaluateOptions& options, ShareLine& line);

}  // namespace oodml::commands
