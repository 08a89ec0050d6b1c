#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/commands/embed_images/command.h"
#include "core/data/dataset.h"

namespace oodml::commands {

/// The images to embed: all of a folder, a set of a benchmark, or a set of the network's own trial. Remarks go to
/// `warn`.
Result<std::shared_ptr<const data::Dataset>> open_source(const EmbedImagesOptions& options,
                                                         const OpenedNetwork& network, const trial::Warn& warn);

}  // namespace oodml::commands
