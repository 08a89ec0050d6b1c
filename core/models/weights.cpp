#include <algorithm>
#include <string_view>

#include "core/models/backbone.h"
#include "core/models/nearest_backbone.h"
#include "core/models/tensor_file.h"
#include "core/models/weight_names.h"

namespace oodml::models {
namespace {

constexpr std::string_view kHead = "last_linear.";
constexpr std::string_view kAliases = "layer_blocks.";  ///< The stages a second time, in checkpoints of the references.

bool is_head(const std::string& name) { return name.starts_with(kHead); }

/// Files older than the counter (resnet50-19c8e357 is one) are complete without it.
bool may_be_missing(std::string_view name) { return name.ends_with(".num_batches_tracked"); }

bool is_classifier(const Network& network, const std::string& name) {
  const auto classifiers = network.library_classifiers();
  return std::ranges::any_of(classifiers, [&](std::string_view start) { return name.starts_with(start); });
}

/// What is to come from the file, whether its head is or not.
WantedNames wanted_names(const Network& network, const NamedTensors& targets) {
  const NamedTensors own = network.beside_library_weights();
  WantedNames wanted;
  for (const auto& [name, tensor] : targets) {
    wanted.all.insert(name);
    if (!is_head(name) && !may_be_missing(name) && !own.contains(name)) wanted.needed.insert(name);
  }
  return wanted;
}

/// The file's tensors under the network's names; `remark` hears what was left out.
Result<NamedTensors> read_named(const Network& network, const NamedTensors& targets, const std::string& path,
                                const Remark& remark) {
  OODML_ASSIGN_OR_RETURN(WeightFile file, read_weights(path));
  if (remark && !file.under.empty()) remark(path + ": read the tensors under `" + file.under + "`");
  std::erase_if(file.tensors, [](const auto& item) { return item.first.starts_with(kAliases); });
  auto renamed = without_wrappers(std::move(file.tensors), wanted_names(network, targets));
  if (!renamed) return failure(renamed.error().code(), path + ": " + renamed.error().message());
  for (const std::string& text : renamed->remarks) {
    if (remark) remark(path + ": " + text);
  }
  return std::move(renamed->tensors);
}

Status load(Network& network, NamedTensors values, const std::string& path, bool with_head) {
  const auto left_out = [&](const auto& item) {
    return is_head(item.first) ? !with_head : is_classifier(network, item.first);
  };
  const NamedTensors as_named = values;  // the tensors are shared
  std::erase_if(values, left_out);
  values.merge(network.beside_library_weights());  // a file of ours has its own
  NamedTensors targets = state_of(network);
  std::erase_if(targets, [&](const auto& item) {
    return left_out(item) || (may_be_missing(item.first) && !values.contains(item.first));
  });
  const Status copied =
      copy_into(targets, values, "load " + std::string(with_head ? "" : "backbone ") + "weights from " + path);
  if (copied.ok()) return copied;
  return {copied.code(), copied.message() + "; " + nearest_backbone(as_named)};
}

}  // namespace

Status load_backbone_weights(Network& network, const std::string& path, const Remark& remark) {
  OODML_ASSIGN_OR_RETURN(NamedTensors values, read_named(network, state_of(network), path, remark));
  return load(network, std::move(values), path, false);
}

Result<bool> load_network_weights(Network& network, const std::string& path, const Remark& remark) {
  OODML_ASSIGN_OR_RETURN(NamedTensors values, read_named(network, state_of(network), path, remark));
  const bool has_head = std::ranges::any_of(values, [](const auto& item) { return is_head(item.first); });
  OODML_RETURN_IF_ERROR(load(network, std::move(values), path, has_head));
  return has_head;
}

}  // namespace oodml::models
