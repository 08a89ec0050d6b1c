#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/models/backbone.h"

namespace oodml::trial {

/// Loads the file <root>/<backbone>-<weights>, of one of the known endings, into the network's backbone; nothing for
/// weights `none`. `remark` hears what of the file was passed over. kNotFound says how to get the file,
/// kInvalidArgument is for a path instead of a name; every other failure is one of this machine
/// (core/base/this_machine.h).
Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root, const models::Remark& remark);

}  // namespace oodml::trial
