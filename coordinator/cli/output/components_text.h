#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "core/catalogue/catalogue.h"

namespace oodml::cli {

/// What `oodml components` was asked for: kinds of components, and whether the keys of a trial, with their recipes,
/// too.
struct CatalogueChoice {
  std::vector<catalogue::Kind> kinds;
  bool keys = false;
};

/// For people: a heading a kind; a component with what it needs, its parameters indented below.
std::string components_text(const CatalogueChoice& choice, const Style& style);
/// The tables of docs/components.md.
std::string components_markdown(const CatalogueChoice& choice);
/// Everything the catalogue knows.
Json components_json(const CatalogueChoice& choice);

}  // namespace oodml::cli
