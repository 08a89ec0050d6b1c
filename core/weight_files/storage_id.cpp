#include "core/weight_files/storage_id.h"

#include <array>

#include "core/base/safetensors.h"

namespace oodml::weight_files {
namespace {

using pickle::Document;
using pickle::Kind;

struct StorageType {
  std::string_view global, dtype;
};

constexpr std::array<StorageType, 10> kTypes = {{{"torch.FloatStorage", "F32"},
                                                 {"torch.DoubleStorage", "F64"},
                                                 {"torch.HalfStorage", "F16"},
                                                 {"torch.BFloat16Storage", "BF16"},
                                                 {"torch.LongStorage", "I64"},
                                                 {"torch.IntStorage", "I32"},
                                                 {"torch.ShortStorage", "I16"},
                                                 {"torch.CharStorage", "I8"},
                                                 {"torch.ByteStorage", "U8"},
                                                 {"torch.BoolStorage", "BOOL"}}};
constexpr std::int64_t kMostElements = std::int64_t{1} << 40;

std::string_view dtype_of(const Document::Value& type) {
  if (type.kind != Kind::kGlobal) return "";
  for (const StorageType& known : kTypes) {
    if (known.global == type.text) return known.dtype;
  }
  return "";
}

/// (view key, offset, size) within the storage's count; None and nothing at all mean the whole.
bool read_view(const Document& document, std::span<const Document::Id> parts, StorageId& id) {
  id.view_size = id.count;
  if (parts.size() == 5 || document[parts[5]].kind == Kind::kNone) return true;
  if (document[parts[5]].kind != Kind::kTuple || document.children(parts[5]).size() != 3) return false;
  const auto view = document.children(parts[5]);
  if (document[view[1]].kind != Kind::kInteger || document[view[2]].kind != Kind::kInteger) return false;
  id.view_offset = document[view[1]].integer;
  id.view_size = document[view[2]].integer;
  return id.view_offset >= 0 && id.view_size >= 0 && id.view_offset <= id.count &&
         id.view_size <= id.count - id.view_offset;
}

}  // namespace

std::optional<StorageId> storage_id(const Document& document, Document::Id id) {
  if (document[id].kind != Kind::kPersistent) return std::nullopt;
  const Document::Id tuple = document.children(id)[0];
  if (document[tuple].kind != Kind::kTuple) return std::nullopt;
  const auto parts = document.children(tuple);
  if (parts.size() < 5 || parts.size() > 6) return std::nullopt;
  const auto &what = document[parts[0]], &key = document[parts[2]], &count = document[parts[4]];
  const std::string_view dtype = dtype_of(document[parts[1]]);
  const bool well_formed = what.kind == Kind::kText && what.text == "storage" && !dtype.empty() &&
                           key.kind == Kind::kText && count.kind == Kind::kInteger;
  if (!well_formed || count.integer < 0 || count.integer > kMostElements) return std::nullopt;
  StorageId read{.dtype = dtype,
                 .element_bytes = safetensors_element_size(dtype),
                 .key = std::string(key.text),
                 .count = count.integer};
  return read_view(document, parts, read) ? std::optional(read) : std::nullopt;
}

}  // namespace oodml::weight_files
