#include "core/weight_files/torch_legacy.h"

#include <cstring>

#include "core/base/printable.h"
#include "core/weight_files/state_dict.h"

namespace oodml::weight_files {
namespace {

using namespace std::string_view_literals;
using pickle::Document;
using pickle::Kind;

/// The pickle of PyTorch's magic number, an integer of ten bytes; the version of the pickle stands in its second byte.
constexpr std::string_view kMagic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."sv;
constexpr std::size_t kMagicBytes = 2 + kMagic.size();
constexpr std::int64_t kVersion = 1001;

class LegacyFile {
 public:
  LegacyFile(std::string_view bytes, const std::string& name) : bytes_(bytes), at_(kMagicBytes), name_(name) {}

  Result<StateDict> tensors() {
    OODML_RETURN_IF_ERROR(check_head());
    OODML_ASSIGN_OR_RETURN(const Document object, next());
    OODML_ASSIGN_OR_RETURN(const Document keys, next());
    OODML_RETURN_IF_ERROR(find_storages(keys, storage_element_sizes(object)));
    return read_state_dict(object, name_, [&](const std::string& key, std::uint64_t size) -> Result<std::string_view> {
      const auto found = storages_.find(key);
      if (found != storages_.end() && found->second.size() == size) return found->second;
      return damaged(called(key) + " is not in it with " + std::to_string(size) + " bytes");
    });
  }

 private:
  Failure damaged(const std::string& what) const { return failure(StatusCode::kDataLoss, name_ + ": " + what); }
  static std::string called(const std::string& key) { return "storage '" + printable(key) + "'"; }

  Result<Document> next() {
    auto document = read_weight_pickle(bytes_.substr(at_), name_ + ": the pickle at byte " + std::to_string(at_));
    if (document) at_ += document->bytes_read();
    return document;
  }

  Status check_head() {
    OODML_ASSIGN_OR_RETURN(const Document version, next());
    OODML_ASSIGN_OR_RETURN(const Document machine, next());
    const auto& number = version[version.root()];
    if (number.kind != Kind::kInteger || number.integer != kVersion) {
      return invalid_argument(name_ + ": of a version of torch.save that is not read, only " +
                              std::to_string(kVersion));
    }
    if (machine[machine.root()].kind != Kind::kDict) return damaged("it does not say which machine wrote it");
    const auto items = machine.children(machine.root());
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (machine[items[i]].text == "little_endian" && machine[items[i + 1]].integer != 1) {
        return invalid_argument(name_ + ": its bytes are not in little-endian order");
      }
    }
    return {};
  }

  Status find_storages(const Document& keys, const std::map<std::string, std::uint64_t>& element_sizes) {
    if (keys[keys.root()].kind != Kind::kList) return damaged("it does not list its storages");
    for (const auto id : keys.children(keys.root())) {
      const std::string key(keys[id].text);
      const auto element = element_sizes.find(key);
      if (element == element_sizes.end()) return damaged(called(key) + " has an unknown type or belongs to no tensor");
      std::uint64_t count = 0;
      if (bytes_.size() - at_ < sizeof(count)) return damaged("cut off before " + called(key));
      std::memcpy(&count, bytes_.data() + at_, sizeof(count));
      at_ += sizeof(count);
      if (count > (bytes_.size() - at_) / element->second) return damaged("cut off in " + called(key));
      storages_[key] = bytes_.substr(at_, count * element->second);
      at_ += count * element->second;
    }
    return {};
  }

  std::string_view bytes_;
  std::size_t at_;
  const std::string& name_;
  std::map<std::string, std::string_view> storages_;
};

}  // namespace

bool is_torch_legacy(std::string_view bytes) {
  return bytes.starts_with('\x80') && bytes.substr(0, kMagicBytes).ends_with(kMagic);
}

Result<StateDict> parse_torch_legacy(std::string_view bytes, const std::string& name) {
  if (!is_torch_legacy(bytes)) return invalid_argument(name + ": not what torch.save writes");
  return LegacyFile(bytes, name).tensors();
}

}  // namespace oodml::weight_files
