#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>

#include "core/commands/embed_images/embedding.h"

namespace oodml::commands {

/// What `oodml-core embed` is told.
struct EmbedImagesOptions : EmbeddingOptions {
  std::filesystem::path output;  ///< .npz or .npy
  bool force = false;
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_embed(CLI::App& app, EmbedImagesOptions& options);

/// Embeds and writes; gives the exit code.
int run_embed(const EmbedImagesOptions& options);

}  // namespace oodml::commands
