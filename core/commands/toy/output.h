#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/toy/experiment.h"

namespace oodml::commands {

/// A row a network: its last loss, both singular values and their shares; then what they say, in a sentence.
std::string table_of(const toy::Outcome& outcome);

/// {"version": 1, "seed": 1, "data": {...}, "networks": {"base": {...}, "regularised": {...}}}
std::string json_of(const toy::Outcome& outcome);

/// A CSV file a panel of the picture, and the losses: name and text.
std::vector<std::pair<std::string, std::string>> csv_files(const toy::Outcome& outcome);

}  // namespace oodml::commands
