#include "core/weight_files/state_dict.h"

#include <array>
#include <map>
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

/// How deep a state dict may stand in a checkpoint, and what it is called there, the likelier first.
constexpr int kLevels = 3;
constexpr std::array<std::string_view, 13> kNames = {
    "state_dict",     "model_state_dict", "model",  "network",  "net",     "module", "model_state",
    "net_state_dict", "weights",          "params", "backbone", "encoder", "ema"};

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

class Reader {
 public:
  Reader(const Document& document, const std::string& name, const ReadStorage& read_storage)
      : document_(document), name_(name), read_storage_(read_storage) {}

  Result<StateDict> read() {
    StateDict state;
    OODML_ASSIGN_OR_RETURN(const std::vector<Id> items, find(state.under));
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      const auto& key = document_[items[i]];
      if (key.kind != Kind::kText) {
        return refused("a tensor's name", items[i], "is " + std::string(to_text(key.kind)) + ", not a text");
      }
      const std::string entry(key.text);
      OODML_ASSIGN_OR_RETURN(StridedTensor tensor, tensor_of("'" + printable(entry) + "'", items[i + 1]));
      if (!state.tensors.emplace(entry, std::move(tensor)).second) {
        return refused("'" + printable(entry) + "'", items[i], "is in it twice");
      }
    }
    return state;
  }

 private:
  Failure refused(const std::string& what, Id id, const std::string& why) const {
    return invalid_argument(name_ + ": " + what + " (byte " + std::to_string(document_[id].offset) + ") " + why);
  }

  /// "collections.OrderedDict" of an object; of a global its own name; "" of anything else. The format before PyTorch
  /// 1.6 names the class of a module by a persistent id, ("module", class, file, source).
  std::string_view made_by(Id id) const {
    if (document_[id].kind == Kind::kObject) id = document_.children(id)[0];
    if (document_[id].kind == Kind::kPersistent) {
      const Id parts = document_.children(id)[0];
      if (document_[parts].kind == Kind::kTuple && document_.children(parts).size() > 1)
        id = document_.children(parts)[1];
    }
    return document_[id].kind == Kind::kGlobal ? document_[id].text : std::string_view();
  }

  std::string in_words(Id id) const {
    const std::string_view name = made_by(id);
    return std::string(to_text(document_[id].kind)) +
           (name.empty() ? "" : " (" + printable(name, 200) + ", which is never run)");
  }

  /// Of a whole pickled module what to do instead; of anything else nothing.
  const std::string& module_advice(Id id) {
    const auto [known, fresh] = advice_.try_emplace(id);
    const auto& value = document_[id];
    if (!fresh || value.kind != Kind::kObject || !value.has_state) return known->second;
    if (document_[value.state].kind != Kind::kDict) return known->second;
    const auto state = document_.children(value.state);
    for (std::size_t i = 0; i + 1 < state.size(); i += 2) {
      if (document_[state[i]].text != "_modules") continue;
      known->second = "; a whole module was saved: save its weights, model.state_dict()";
    }
    return known->second;
  }

  Failure no_dict(const std::string& what, Id id) {
    return refused(what, id, "is " + in_words(id) + ", not a dict of tensors" + module_advice(id));
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

  /// The state dict's keys and values; `under` gets the keys that led to it.
  Result<std::vector<Id>> find(std::string& under) {
    auto items = dict(document_.root());
    if (!items) return no_dict("its value", document_.root());
    for (int level = 0; level < kLevels; ++level) {
      OODML_ASSIGN_OR_RETURN(const auto inner, inner_of(*items, kLevels - level));
      if (!inner) break;
      under += (under.empty() ? "" : ".") + std::string(document_[inner->first].text);
      items = dict(inner->second);
      if (!items) return no_dict("'" + printable(under) + "'", inner->second);
    }
    return *std::move(items);
  }

  using Entry = std::pair<Id, Id>;  ///< Key and value.

  /// The entry that has the state dict: the first by its name, or the only one; nothing where these items are it.
  Result<std::optional<Entry>> inner_of(const std::vector<Id>& items, int levels) {
    std::map<std::string_view, Entry> with_tensors;
    bool any_tensor = false;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (document_[items[i]].kind != Kind::kText) continue;
      const std::string_view key = document_[items[i]].text;
      any_tensor = any_tensor || is_tensor(items[i + 1]);
      const bool module = !module_advice(items[i + 1]).empty();
      if (key == kNames.front() || module || leads_to_tensors(items[i + 1], levels - 1)) {
        with_tensors.emplace(key, Entry(items[i], items[i + 1]));
      }
    }
    for (const std::string_view name : kNames) {
      if (const auto found = with_tensors.find(name); found != with_tensors.end()) return found->second;
    }
    if (any_tensor || with_tensors.empty()) return std::nullopt;
    if (with_tensors.size() == 1) return with_tensors.begin()->second;
    std::vector<std::string> keys;
    for (const auto& [key, entry] : with_tensors) keys.emplace_back(key);
    return invalid_argument(name_ + ": several dicts of tensors are in it, " + name_list(keys, 10) +
                            "; save the one that is wanted alone, or as 'state_dict'");
  }

  bool is_tensor(Id id) const {
    const std::string_view by = made_by(id);
    return document_[id].kind == Kind::kObject &&
           (by.starts_with("torch._utils._rebuild_") || by == "torch.nn.parameter.Parameter" ||
            (by.starts_with("torch.") && by.ends_with("Tensor")));
  }

  /// Asked once of each value, as one may stand in many places.
  bool leads_to_tensors(Id id, int levels) {
    const auto known = leads_.find({id, levels});
    if (known != leads_.end()) return known->second;
    const auto items = dict(id);
    bool leads = false;
    for (std::size_t i = 0; items && !leads && i + 1 < items->size(); i += 2) {
      if (document_[(*items)[i]].kind != Kind::kText) continue;
      leads = is_tensor((*items)[i + 1]) || (levels > 1 && leads_to_tensors((*items)[i + 1], levels - 1));
    }
    return leads_[{id, levels}] = leads;
  }

  bool is_object_of(Id id, std::string_view one, std::string_view other) const {
    return document_[id].kind == Kind::kObject && (made_by(id) == one || made_by(id) == other);
  }

  Result<StridedTensor> tensor_of(const std::string& entry, Id id) const {
    // PyTorch before 0.4 called the class (resnet50-19c8e357 and its like), later ones a function.
    if (is_object_of(id, "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter") ||
        is_object_of(id, "torch._utils._rebuild_parameter_with_state", "")) {
      if (!arguments(id).empty()) id = arguments(id)[0];
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
  std::map<std::pair<Id, int>, bool> leads_;
  std::map<Id, std::string> advice_;
};

}  // namespace

Result<Document> read_weight_pickle(std::string_view bytes, const std::string& name) {
  auto document = pickle::read(bytes, kWeightFile, kLimits);
  if (document) return document;
  return failure(document.error().code(), name + ", " + document.error().message());
}

Result<StateDict> read_state_dict(const Document& document, const std::string& name, const ReadStorage& read_storage) {
  return Reader(document, name, read_storage).read();
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
