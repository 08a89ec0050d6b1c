#include <algorithm>
#include <string_view>

#include "core/models/backbone.h"
#include "core/models/tensor_file.h"

namespace oodml::models {
namespace {

constexpr std::string_view kHead = "last_linear.";
constexpr std::string_view kReferencePrefix = "model.";   ///< Of the network inside a reference's wrapper.
constexpr std::string_view kAliases = "layer_blocks.";    ///< The stages a second time.

/// Files older than the counter (resnet50-19c8e357 is one) are complete without it.
bool may_be_missing(std::string_view name) { return name.ends_with(".num_batches_tracked"); }

/// The names of a reference checkpoint (docs/models.md#tensor-names) without its wrapper; any other names as they are.
NamedTensors without_wrapper(NamedTensors values) {
  const auto wrapped = [](const auto& item) { return item.first.starts_with(kReferencePrefix); };
  if (std::none_of(values.begin(), values.end(), wrapped)) return values;
  NamedTensors inner;
  for (auto& [name, tensor] : values) {
    if (name.starts_with(kAliases)) continue;
    const std::size_t prefix = name.starts_with(kReferencePrefix) ? kReferencePrefix.size() : 0;
    inner.emplace(name.substr(prefix), std::move(tensor));
  }
  return inner;
}

Status load(Network& network, const std::string& path, bool with_head) {
  OODML_ASSIGN_OR_RETURN(NamedTensors values, read_tensors(path));
  values = without_wrapper(std::move(values));
  const auto left_out = [&](const auto& item) {
    const std::string& name = item.first;
    if (name.starts_with(kHead)) return !with_head;
    const auto classifiers = network.library_classifiers();
    return std::any_of(classifiers.begin(), classifiers.end(), [&](auto start) { return name.starts_with(start); });
  };
  std::erase_if(values, left_out);
  values.merge(network.beside_library_weights());  // a file of ours has its own
  NamedTensors targets = state_of(network);
  std::erase_if(targets, [&](const auto& item) {
    return left_out(item) || (may_be_missing(item.first) && !values.contains(item.first));
  });
  return copy_into(targets, values, "load " + std::string(with_head ? "" : "backbone ") + "weights from " + path);
}

}  // namespace

Status load_backbone_weights(Network& network, const std::string& path) { return load(network, path, false); }

Status load_network_weights(Network& network, const std::string& path) { return load(network, path, true); }

}  // namespace oodml::models
