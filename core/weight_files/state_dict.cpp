#include "core/weight_files/state_dict.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/printable.h"
#include "core/pickle/reader.h"
#include "core/weight_files/storage_id.h"

namespace oodml::weight_files {
namespace {

using pickle::Document;
using pickle::Kind;
using Id = Document::Id;

constexpr pickle::Accepted kWeightFile = {.what = "weight file", .globals = {}, .objects = true, .followed = true};
/// A checkpoint holds logs and arrays beside the weights; they are views of the file, so their size costs nothing.
constexpr pickle::Limits kLimits = {.depth = 64, .text_bytes = 128U << 20};

/// The integers of a tuple, none below zero; of torch.Size((...)) too, as the first releases wrote shapes.
std::optional<std::vector<std::int64_t>> sizes_of(const Document& document, Id id) {
  if (document[id].kind == Kind::kObject && document[document.children(id)[0]].text == "torch.Size") {
    const auto arguments = document.children(document.children(id)[1]);
    if (arguments.size() != 1) return std::nullopt;
    id = arguments[0];
  }
  if (document[id].kind != Kind::kTuple || document.children(id).size() > 64) return std::nullopt;
  std::vector<std::int64_t> sizes;
  for (const Id entry : document.children(id)) {
    if (document[entry].kind != Kind::kInteger || document[entry].integer < 0) return std::nullopt;
    sizes.push_back(document[entry].integer);
  }
  return sizes;
}

class StateDict {
 public:
  StateDict(const Document& document, const std::string& name, const ReadStorage& read_storage)
      : document_(document), name_(name), read_storage_(read_storage) {}

  Result<std::map<std::string, StridedTensor>> read() {
    OODML_ASSIGN_OR_RETURN(const std::vector<Id> items, find());
    std::map<std::string, StridedTensor> tensors;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      const auto& key = document_[items[i]];
      if (key.kind != Kind::kText) {
        return refused("a tensor's name", items[i], "is " + std::string(to_text(key.kind)) + ", not a text");
      }
      const std::string entry(key.text);
      OODML_ASSIGN_OR_RETURN(StridedTensor tensor, tensor_of("'" + printable(entry) + "'", items[i + 1]));
      if (!tensors.emplace(entry, std::move(tensor)).second) {
        return refused("'" + printable(entry) + "'", items[i], "is in it twice");
      }
    }
    return tensors;
  }

 private:
  Failure refused(const std::string& what, Id id, const std::string& why) const {
    return invalid_argument(name_ + ": " + what + " (byte " + std::to_string(document_[id].offset) + ") " + why);
  }

  /// "collections.OrderedDict" of an object; of a global its own name; "" of anything else.
  std::string_view made_by(Id id) const {
    if (document_[id].kind == Kind::kObject) id = document_.children(id)[0];
    return document_[id].kind == Kind::kGlobal ? document_[id].text : std::string_view();
  }

  std::string in_words(Id id) const {
    const std::string_view name = made_by(id);
    return std::string(to_text(document_[id].kind)) +
           (name.empty() ? "" : " (" + printable(name, 200) + ", which is never run)");
  }

  std::span<const Id> arguments(Id object) const { return document_.children(document_.children(object)[1]); }
  bool is_list(Id id) const { return document_[id].kind == Kind::kList || document_[id].kind == Kind::kTuple; }

  /// Keys and values of a dict or OrderedDict; nothing of anything else.
  std::optional<std::vector<Id>> dict(Id id) const {
    const auto added = entries(id);
    if (document_[id].kind == Kind::kDict) return std::vector<Id>(added.begin(), added.end());
    if (document_[id].kind != Kind::kObject || made_by(id) != "collections.OrderedDict") return std::nullopt;
    std::vector<Id> all;
    for (const Id list : arguments(id)) {  // Python 2 hands [[key, value], ...] to the constructor
      if (!is_list(list)) return std::nullopt;
      for (const Id pair : document_.children(list)) {
        if (!is_list(pair) || document_.children(pair).size() != 2) return std::nullopt;
        all.insert(all.end(), document_.children(pair).begin(), document_.children(pair).end());
      }
    }
    all.insert(all.end(), added.begin(), added.end());
    return all.size() % 2 == 0 ? std::optional(std::move(all)) : std::nullopt;
  }

  /// The state dict: the root, or what stands under `state_dict` there.
  Result<std::vector<Id>> find() const {
    const Id root = document_.root();
    auto items = dict(root);
    if (!items) return refused("its value", root, "is " + in_words(root) + ", not a dict of tensors");
    for (std::size_t i = 0; i + 1 < items->size(); i += 2) {
      const auto& key = document_[(*items)[i]];
      const Id value = (*items)[i + 1];
      if (key.kind != Kind::kText || key.text != "state_dict") continue;
      auto inner = dict(value);
      if (!inner) return refused("'state_dict'", value, "is " + in_words(value) + ", not a dict of tensors");
      return *std::move(inner);
    }
    return *std::move(items);
  }

  bool is_object_of(Id id, std::string_view one, std::string_view other) const {
    return document_[id].kind == Kind::kObject && (made_by(id) == one || made_by(id) == other);
  }

  Result<StridedTensor> tensor_of(const std::string& entry, Id id) const {
    // PyTorch before 0.4 called the class (resnet50-19c8e357 and its like), later ones a function.
    if (is_object_of(id, "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter") && !arguments(id).empty()) {
      id = arguments(id)[0];
    }
    if (is_object_of(id, "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor")) {
      return rebuilt(entry, id, arguments(id));
    }
    const std::string_view by = made_by(id);
    const auto& value = document_[id];
    const bool is_class = value.kind == Kind::kObject && by.starts_with("torch.") && by.ends_with("Tensor");
    if (is_class && value.has_state && document_[value.state].kind == Kind::kTuple) {  // the first releases
      return rebuilt(entry, id, document_.children(value.state));
    }
    return refused(entry, id, "is " + in_words(id) + ", not a plain tensor");
  }

  /// `given`, (storage, offset, sizes, strides, ...), as a view of its storage.
  Result<StridedTensor> rebuilt(const std::string& entry, Id object, std::span<const Id> given) const {
    const auto malformed = [&](const std::string& why) { return refused("tensor " + entry, object, why); };
    if (given.size() < 4) return malformed("has too few parts");
    const bool has_more = given.size() > 6 && document_[given[6]].kind == Kind::kDict;
    if (has_more && !document_.children(given[6]).empty()) {
      return malformed("is conjugated or negated when it is read, which is not done here");
    }
    const auto id = storage_id(document_, given[0]);
    if (!id) return malformed("has a storage that is not read here");
    const auto& offset = document_[given[1]];
    auto shape = sizes_of(document_, given[2]), strides = sizes_of(document_, given[3]);
    if (offset.kind != Kind::kInteger || offset.integer < 0) return malformed("has no proper offset");
    if (!shape || !strides || shape->size() != strides->size()) return malformed("has no proper shape");
    const auto covered = extent(*shape, *strides);
    if (!covered) return malformed("has more elements than it covers");
    if (offset.integer > id->view_size || *covered > id->view_size - offset.integer) {
      return malformed("reaches beyond the " + std::to_string(id->view_size) + " elements of its storage");
    }
    const auto bytes = [&](std::int64_t elements) { return static_cast<std::uint64_t>(elements * id->element_bytes); };
    OODML_ASSIGN_OR_RETURN(const std::string_view storage, read_storage_(id->key, bytes(id->count)));
    return StridedTensor{std::string(id->dtype), *std::move(shape), *std::move(strides),
                         storage.substr(bytes(id->view_offset + offset.integer), bytes(*covered))};
  }

  /// What was put in, without an object's callable and arguments.
  std::span<const Id> entries(Id id) const {
    if (document_[id].kind == Kind::kDict) return document_.children(id);
    return document_[id].kind == Kind::kObject ? document_.children(id).subspan(2) : std::span<const Id>();
  }

  const Document& document_;
  const std::string& name_;
  const ReadStorage& read_storage_;
};

}  // namespace

Result<Document> read_weight_pickle(std::string_view bytes, const std::string& name) {
  auto document = pickle::read(bytes, kWeightFile, kLimits);
  if (document) return document;
  return failure(document.error().code(), name + ", " + document.error().message());
}

Result<std::map<std::string, StridedTensor>> read_state_dict(const Document& document, const std::string& name,
                                                             const ReadStorage& read_storage) {
  return StateDict(document, name, read_storage).read();
}

std::map<std::string, std::uint64_t> storage_element_sizes(const Document& document) {
  std::map<std::string, std::uint64_t> sizes;
  for (Id id = 0; id < document.size(); ++id) {
    if (const auto storage = storage_id(document, id)) {
      sizes[storage->key] = static_cast<std::uint64_t>(storage->element_bytes);
    }
  }
  return sizes;
}

}  // namespace oodml::weight_files
