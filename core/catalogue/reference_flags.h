#pragma once

#include <string>
#include <string_view>

namespace oodml::catalogue {

/// The key that does what a flag of the reference programs does, without its dashes: decay is weight_decay,
/// loss_margin_beta is criterion.beta. "" for any other word, and for flags whose key has the same name.
/// Source: docs/training.md#defaults-of-the-references; core/catalogue/README.md has the table.
std::string key_of_reference_flag(std::string_view flag);

}  // namespace oodml::catalogue
