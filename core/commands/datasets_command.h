#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/commands/images_options.h"

namespace oodml::commands {

/// What `oodml-core datasets` is told.
struct DatasetsOptions {
  ImagesOptions images;
  std::string format = "lines";
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_datasets(CLI::App& app, DatasetsOptions& options);

/// Prints label<TAB>path of each image in the order of training, or JSON; all else goes to stderr. Gives the exit
/// code.
int run_datasets(const DatasetsOptions& options);

}  // namespace oodml::commands
