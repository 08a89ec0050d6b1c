#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/commands/embed_images/network.h"
#include "core/commands/images_options.h"

namespace oodml::commands {

/// What `oodml-core embed` is told.
struct EmbedImagesOptions {
  EmbedImagesOptions() { images.set = "test"; }

  NetworkOptions network;
  std::filesystem::path folder;  ///< One of images, instead of a benchmark's set.
  ImagesOptions images;          ///< Without a benchmark: the trial's own sets.
  bool features = false;         ///< The pooled output instead of the embeddings.
  std::string embeddings;        ///< As evaluate.embeddings names them; empty: the first that the trial evaluates.

  std::string device;
  std::int64_t threads = 1, cpu_threads = 0, batch_size = 0;  ///< 0: those of the trial.
  std::filesystem::path output;                               ///< .npz or .npy
  bool force = false;
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_embed(CLI::App& app, EmbedImagesOptions& options);

/// Embeds and writes; gives the exit code.
int run_embed(const EmbedImagesOptions& options);

}  // namespace oodml::commands
