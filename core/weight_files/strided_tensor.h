#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::weight_files {

/// A tensor as a view of little-endian elements in row-major order of its strides.
struct StridedTensor {
  std::string dtype;                  ///< As in safetensors: BOOL U8 I8 I16 F16 BF16 I32 F32 I64 F64.
  std::vector<std::int64_t> shape;    ///< Empty for a scalar.
  std::vector<std::int64_t> strides;  ///< In elements, none below zero; as many as `shape` has.
  std::string_view bytes;             ///< From the first element to behind the last; may start at any address.

  std::int64_t element_count() const;
};

/// The tensors of a checkpoint's state dict by name.
struct StateDict {
  std::map<std::string, StridedTensor> tensors;
  std::string under;  ///< The key that it stood under, with dots between several; empty: the whole value is it.
};

/// Their `bytes` point into `storage`, so copies share it.
struct TensorFile : StateDict {
  std::shared_ptr<const std::string> storage;
};

/// Elements from the first to behind the last of such a view. Nothing when a number does not fit, or when there are
/// more elements than that: a stride of zero would make any size of a few bytes.
std::optional<std::int64_t> extent(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides);

/// Strides without gaps, the last one 1.
std::vector<std::int64_t> row_major(const std::vector<std::int64_t>& shape);

}  // namespace oodml::weight_files
