#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/commands/embed_images/embedding.h"
#include "core/embedding_files/choices.h"

namespace oodml::commands {

/// What `oodml-core evaluate` is told: one set in a file, two sets, or a network and what it is to embed.
struct EvaluateOptions {
  std::string file, labels;         ///< One set; labels empty: the file's own.
  std::string query, query_labels;  ///< Two sets instead.
  std::string gallery, gallery_labels;
  embedding_files::Choices choices;                                                ///< Of every file.
  std::string query_array, query_label_array, gallery_array, gallery_label_array;  ///< Instead of these, if not empty.
  EmbeddingOptions embedding;                        ///< With its checkpoint, instead of files.
  std::vector<std::string> metrics;                  ///< As --metrics has them: names, commas, `all`.
  std::string compat, exclude_self, map_normalizer;  ///< Empty: the usual; of a network what its trial says.
  std::string device, output = "table";
  std::int64_t threads = 0, clusters = 0;  ///< 0: all processors, of a network its trial's; the classes of the set

  bool is_of_network() const { return !embedding.network.checkpoint.empty(); }
};

/// Adds the command with its help; it fills `options`.
CLI::App* add_evaluate(CLI::App& app, EvaluateOptions& options);

/// Reads the files, or embeds, measures, prints; gives the exit code.
int run_evaluate(const EvaluateOptions& options);

}  // namespace oodml::commands
