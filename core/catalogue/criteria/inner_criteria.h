#pragma once

#include <string>
#include <vector>

#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// The criteria that may stand inside of another (s2sd, diva): those that read nothing but embeddings and labels.
std::vector<Component> criteria_for_inside();

/// Their names, for the parameter that chooses one.
std::vector<std::string> names_for_inside();

/// Adds the parameters of all of them to an entry, each with its criterion's name in front: margin_beta; and what
/// `compat: paper` changes in them.
void add_inside(Component& entry);

}  // namespace oodml::catalogue
