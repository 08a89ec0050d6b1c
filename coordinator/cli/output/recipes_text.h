#pragma once

#include <string>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"

namespace oodml::cli {

// What the projects' recipes set: every key in which one differs from the catalogue.

/// For people: a recipe with its keys indented below.
std::string recipes_text(const Style& style);
/// The table of docs/components.md.
std::string recipes_markdown();
/// [{name, source, defaults: {key: value}, of_benchmark: {benchmark: {key: value}}}]
Json recipes_json();

}  // namespace oodml::cli
