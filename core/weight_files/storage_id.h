#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/pickle/document.h"

namespace oodml::weight_files {

/// Where a tensor's elements lie: the persistent id ("storage", type, key, device, count[, (view key, offset, size)]).
struct StorageId {
  std::string_view dtype;  ///< As in safetensors.
  std::int64_t element_bytes = 0;
  std::string key;
  std::int64_t count = 0;
  std::int64_t view_offset = 0, view_size = 0;  ///< The part that the tensor's own offset counts from.
};

/// Nothing when the value is no persistent id of this form, of a type that is not read, or with numbers that cannot be.
std::optional<StorageId> storage_id(const pickle::Document& document, pickle::Document::Id id);

}  // namespace oodml::weight_files
