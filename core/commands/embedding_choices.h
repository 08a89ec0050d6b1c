#pragma once

#include <CLI/CLI.hpp>

#include "core/embedding_files/choices.h"

namespace oodml::commands {

inline constexpr auto kEmbeddingChoices = "What is what in the files";  ///< Their group in a help text.

/// The options that say what is what in a file of embeddings: --label-column, --skip-columns, --heading, --array and
/// --label-array. They fill `choices`; `file`, if there is one, is the option without which they mean nothing.
void add_embedding_choices(CLI::App& command, embedding_files::Choices& choices, CLI::Option* file = nullptr);

}  // namespace oodml::commands
