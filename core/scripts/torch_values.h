#pragma once

#include <ATen/core/ivalue.h>

#include <optional>

#include "core/scripts/module.h"

namespace oodml::scripts {

/// What a TorchScript function gave, taken apart.
Returned returned_of(const c10::IValue& value);

/// A number, numbers (list, tuple or tensor), or numbers by name; nothing for anything else.
std::optional<Attribute> attribute_of(const c10::IValue& value);

}  // namespace oodml::scripts
