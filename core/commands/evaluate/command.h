#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/embedding_files/choices.h"

namespace oodml::commands {

/// What `oodml-core evaluate` is told.
struct EvaluateOptions {
  std::string file, labels;         ///< One set; labels empty: the file's own.
  std::string query, query_labels;  ///< Two sets instead.
  std::string gallery, gallery_labels;
  embedding_files::Choices choices;                                                ///< Of every file.
  std::string query_array, query_label_array, gallery_array, gallery_label_array;  ///< Instead of these, if not empty.
  std::vector<std::string> metrics;  ///< As --metrics has them: names, commas, `all`.
  std::string device, compat = "corrected", exclude_self = "first", map_normalizer = "class_size", output = "table";
  std::int64_t threads = 0, clusters = 0;  ///< 0: all processors; the classes of the set
};

/// Adds the command with its help; it fills `options`.
CLI::App* add_evaluate(CLI::App& app, EvaluateOptions& options);

/// Reads the files, measures, prints; gives the exit code.
int run_evaluate(const EvaluateOptions& options);

}  // namespace oodml::commands
