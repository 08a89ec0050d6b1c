#pragma once

#include <string>
#include <string_view>

#include "core/base/sha256.h"

namespace oodml::identity {

/// The first 32 hexadecimal digits of the SHA-256: what a data stamp holds.
inline std::string short_hash(std::string_view bytes) { return sha256_hex(bytes).substr(0, 32); }

}  // namespace oodml::identity
