#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/trial/images_options.h"

namespace oodml::trial {

/// What `oodml-core datasets` is told.
struct DatasetsOptions {
  ImagesOptions images;
  std::string format = "lines";
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_datasets(CLI::App& app, DatasetsOptions& options);

/// Prints label<TAB>path of each image in the order of training, or JSON; all else goes to stderr. Exit code: 0 done, 1
/// failed, 2 wrong usage or input.
int run_datasets(const DatasetsOptions& options);

}  // namespace oodml::trial
