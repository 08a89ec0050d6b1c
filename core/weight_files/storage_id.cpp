#include "core/weight_files/storage_id.h"

#include <algorithm>
#include <array>

#include "core/base/safetensors.h"

namespace oodml::weight_files {
namespace {

using pickle::Document;
using pickle::Kind;

struct StorageType {
  std::string_view name, dtype;
};

constexpr std::array<StorageType, 10> kTypes = {{{"FloatStorage", "F32"},
                                                 {"DoubleStorage", "F64"},
                                                 {"HalfStorage", "F16"},
                                                 {"BFloat16Storage", "BF16"},
                                                 {"LongStorage", "I64"},
                                                 {"IntStorage", "I32"},
                                                 {"ShortStorage", "I16"},
                                                 {"CharStorage", "I8"},
                                                 {"ByteStorage", "U8"},
                                                 {"BoolStorage", "BOOL"}}};
constexpr std::int64_t kMostElements = std::int64_t{1} << 40;

std::string_view dtype_of(const Document::Value& type) {
  constexpr std::string_view kOnGpu = "torch.cuda.", kOnCpu = "torch.";  // the old format says where they were
  if (type.kind != Kind::kGlobal || !type.text.starts_with(kOnCpu)) return "";
  const bool on_gpu = type.text.starts_with(kOnGpu);
  const auto known = std::ranges::find(kTypes, type.text.substr((on_gpu ? kOnGpu : kOnCpu).size()), &StorageType::name);
  return known == kTypes.end() ? std::string_view() : known->dtype;
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
