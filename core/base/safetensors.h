#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml {

/// One array of a safetensors file: little-endian bytes in row-major order.
struct StoredTensor {
  std::string dtype;                ///< BOOL U8 I8 I16 U16 F16 BF16 I32 U32 F32 I64 U64 F64
  std::vector<std::int64_t> shape;  ///< Empty for a scalar.
  std::string_view bytes;           ///< Exactly element count x element size; may start at any address.

  std::int64_t element_count() const;
};

/// A safetensors file in memory: `bytes` of its tensors point into `storage`, so copies share it.
struct SafetensorsFile {
  std::map<std::string, std::string> metadata;
  std::map<std::string, StoredTensor> tensors;
  std::shared_ptr<const std::string> storage;
};

/// Bytes of one element, or 0 for a dtype that is not in the list above.
std::int64_t safetensors_element_size(std::string_view dtype);

/// The whole file, checked: header at most 16 MiB, known dtypes, shapes that fit their bytes, and tensors
/// that lie behind each other without hole or overlap up to the end of the file. kDataLoss says what is
/// damaged; kNotFound, kPermissionDenied, and kInvalidArgument above `max_bytes` as read_file.
Result<SafetensorsFile> read_safetensors(const std::filesystem::path& path, std::uint64_t max_bytes);

/// As read_safetensors, from bytes; `name` is what messages call them.
Result<SafetensorsFile> parse_safetensors(std::string bytes, const std::string& name);

/// Writes the file as write_file_atomically does, tensor by tensor: nothing is copied. The same input gives
/// the same bytes. kInvalidArgument for a tensor whose bytes do not fit its dtype and shape.
Status write_safetensors(const std::filesystem::path& path, const std::map<std::string, StoredTensor>& tensors,
                         const std::map<std::string, std::string>& metadata = {});

}  // namespace oodml
