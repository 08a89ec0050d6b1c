#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/models/backbone.h"

namespace oodml::trial {

/// Loads the file <root>/<backbone>-<weights>, of one of the known endings, into the network's backbone; nothing for
/// weights `none`. kNotFound says how to get the file; every failure is one of
/// this machine (core/base/this_machine.h).
Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root);

}  // namespace oodml::trial
