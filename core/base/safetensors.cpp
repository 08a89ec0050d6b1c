#include "core/base/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/atomic_file.h"

namespace oodml {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian bytes");

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 16u << 20;
constexpr auto kMetadataKey = "__metadata__";

constexpr std::array<std::pair<std::string_view, std::int64_t>, 13> kElementSizes = {{{"BOOL", 1},
                                                                                      {"U8", 1},
                                                                                      {"I8", 1},
                                                                                      {"I16", 2},
                                                                                      {"U16", 2},
                                                                                      {"F16", 2},
                                                                                      {"BF16", 2},
                                                                                      {"I32", 4},
                                                                                      {"U32", 4},
                                                                                      {"F32", 4},
                                                                                      {"I64", 8},
                                                                                      {"U64", 8},
                                                                                      {"F64", 8}}};

Failure damaged(const std::string& name, const std::string& what) {
  return failure(StatusCode::kDataLoss, "safetensors file " + name + ": " + what);
}

/// Element count of the shape times `element_size`, or nothing when a dimension is negative or it overflows.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, std::int64_t element_size) {
  std::uint64_t bytes = static_cast<std::uint64_t>(element_size);
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes)) return std::nullopt;
  }
  return bytes;
}

std::optional<std::vector<std::int64_t>> read_shape(const Json& entry) {
  const auto shape = entry.find("shape");
  if (shape == entry.end() || !shape->is_array()) return std::nullopt;
  std::vector<std::int64_t> sizes;
  for (const Json& size : *shape) {
    if (!size.is_number_integer()) return std::nullopt;
    sizes.push_back(size.get<std::int64_t>());
  }
  return sizes;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> read_offsets(const Json& entry) {
  const auto offsets = entry.find("data_offsets");
  if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2) return std::nullopt;
  if (!(*offsets)[0].is_number_unsigned() || !(*offsets)[1].is_number_unsigned()) return std::nullopt;
  return std::pair{(*offsets)[0].get<std::uint64_t>(), (*offsets)[1].get<std::uint64_t>()};
}

Result<StoredTensor> read_tensor(const Json& entry, std::string_view data, const std::string& name,
                                 const std::string& key) {
  if (!entry.is_object()) return damaged(name, "the entry of '" + key + "' is no JSON object");
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string()) return damaged(name, "'" + key + "' has no dtype");
  StoredTensor tensor{.dtype = dtype->get<std::string>()};
  const std::int64_t element_size = safetensors_element_size(tensor.dtype);
  if (element_size == 0) return damaged(name, "'" + key + "' has the unknown dtype '" + tensor.dtype + "'");
  const auto shape = read_shape(entry);
  if (!shape) return damaged(name, "the shape of '" + key + "' is not a list of integers");
  tensor.shape = *shape;
  const auto offsets = read_offsets(entry);
  if (!offsets || offsets->first > offsets->second || offsets->second > data.size()) {
    return damaged(name, "the data_offsets of '" + key + "' do not lie in the file's " + std::to_string(data.size()) +
                             " data bytes");
  }
  const std::uint64_t length = offsets->second - offsets->first;
  if (byte_count(tensor.shape, element_size) != length) {
    return damaged(name, "'" + key + "' has " + std::to_string(length) + " bytes, which do not fit its shape");
  }
  tensor.bytes = data.substr(offsets->first, length);
  return tensor;
}

Status read_metadata(const Json& entry, const std::string& name, std::map<std::string, std::string>& metadata) {
  if (!entry.is_object()) return damaged(name, "__metadata__ is no JSON object");
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) return damaged(name, "__metadata__ '" + key + "' is no text");
    metadata[key] = value.get<std::string>();
  }
  return {};
}

/// Tensors must lie behind each other and fill the data; a duplicate key or hidden bytes show here.
Status check_layout(const SafetensorsFile& file, std::string_view data, const std::string& name) {
  std::vector<std::string_view> spans;
  for (const auto& [key, tensor] : file.tensors) spans.push_back(tensor.bytes);
  std::sort(spans.begin(), spans.end(), [](std::string_view a, std::string_view b) {
    return std::pair(a.data(), a.size()) < std::pair(b.data(), b.size());
  });
  const char* end = data.data();
  for (const std::string_view span : spans) {
    if (span.data() != end) return damaged(name, "tensors overlap or leave a hole");
    end = span.data() + span.size();
  }
  if (end != data.data() + data.size()) return damaged(name, "bytes behind the last tensor");
  return {};
}

Result<std::string> make_header(const std::vector<const std::pair<const std::string, StoredTensor>*>& order,
                                const std::map<std::string, std::string>& metadata, const std::string& name) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[kMetadataKey] = metadata;
  std::uint64_t offset = 0;
  for (const auto* entry : order) {
    const auto& [key, tensor] = *entry;
    const std::int64_t element_size = safetensors_element_size(tensor.dtype);
    if (element_size == 0 || key == kMetadataKey || byte_count(tensor.shape, element_size) != tensor.bytes.size()) {
      return invalid_argument("write " + name + ": the bytes of '" + key + "' do not fit dtype " + tensor.dtype +
                              " and its shape");
    }
    header[key] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  // Names and metadata are the program's own; a byte that is not UTF-8 is replaced rather than fatal.
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  if (text.size() > kMaxHeaderBytes) return invalid_argument("write " + name + ": the header exceeds 16 MiB");
  return text;
}

}  // namespace

std::int64_t StoredTensor::element_count() const {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

std::int64_t safetensors_element_size(std::string_view dtype) {
  for (const auto& [name, size] : kElementSizes) {
    if (name == dtype) return size;
  }
  return 0;
}

Result<SafetensorsFile> parse_safetensors(std::string bytes, const std::string& name) {
  SafetensorsFile file{.storage = std::make_shared<const std::string>(std::move(bytes))};
  std::string_view rest = *file.storage;
  if (rest.size() < kLengthBytes) return damaged(name, "shorter than its 8-byte header length");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, rest.data(), kLengthBytes);
  rest.remove_prefix(kLengthBytes);
  if (header_bytes > rest.size()) return damaged(name, "the header is cut off");
  if (header_bytes > kMaxHeaderBytes) return damaged(name, "the header exceeds 16 MiB");

  const Json header = Json::parse(rest.substr(0, header_bytes), nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) return damaged(name, "the header is no JSON object");
  const std::string_view data = rest.substr(header_bytes);
  for (const auto& [key, entry] : header.items()) {
    if (key == kMetadataKey) {
      OODML_RETURN_IF_ERROR(read_metadata(entry, name, file.metadata));
      continue;
    }
    OODML_ASSIGN_OR_RETURN(StoredTensor tensor, read_tensor(entry, data, name, key));
    file.tensors.emplace(key, std::move(tensor));
  }
  OODML_RETURN_IF_ERROR(check_layout(file, data, name));
  return file;
}

Result<SafetensorsFile> read_safetensors(const std::filesystem::path& path, std::uint64_t max_bytes) {
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, max_bytes));
  return parse_safetensors(std::move(bytes), path.string());
}

Status write_safetensors(const std::filesystem::path& path, const std::map<std::string, StoredTensor>& tensors,
                         const std::map<std::string, std::string>& metadata) {
  // Wide elements first keeps every tensor aligned to its element size.
  std::vector<const std::pair<const std::string, StoredTensor>*> order;
  for (const auto& entry : tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return safetensors_element_size(a->second.dtype) > safetensors_element_size(b->second.dtype);
  });
  OODML_ASSIGN_OR_RETURN(const std::string header, make_header(order, metadata, path.string()));
  const std::uint64_t header_bytes = header.size();
  std::vector<std::string_view> pieces = {std::string_view(reinterpret_cast<const char*>(&header_bytes), kLengthBytes),
                                          header};
  for (const auto* entry : order) pieces.push_back(entry->second.bytes);
  return write_file_atomically(path, pieces);
}

}  // namespace oodml
