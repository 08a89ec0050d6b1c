#pragma once

#include "core/base/result.h"
#include "core/commands/embed_images/embedding.h"
#include "core/data/open_sets.h"
#include "core/trial/trial_settings.h"

namespace oodml::commands {

/// The images to embed: all of a folder, a set of a benchmark, or, where the command line names neither, a set of the
/// network's own trial. `settings` are that trial's, or of a network without one those of all defaults.
Result<data::ImagesRequest> images_to_embed(const EmbeddingOptions& options, bool of_trial,
                                            const trial::TrialSettings& settings);

/// Whether they are of the benchmark that the network's trial was trained on.
bool are_of_training(const EmbeddingOptions& options, const trial::TrialSettings& settings);

/// The set of them that is embedded.
std::string set_to_embed(const EmbeddingOptions& options);

}  // namespace oodml::commands
