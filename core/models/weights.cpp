#include <string_view>

#include "core/models/backbone.h"
#include "core/models/tensor_file.h"

namespace oodml::models {
namespace {

bool belongs_to_classifier(std::string_view name) { return name.starts_with("fc.") || name.starts_with("last_linear."); }

/// Files older than the counter (resnet50-19c8e357 is one) are complete without it.
bool may_be_missing(std::string_view name) { return name.ends_with(".num_batches_tracked"); }

}  // namespace

Status load_backbone_weights(Network& network, const std::string& path) {
  OODML_ASSIGN_OR_RETURN(NamedTensors values, read_tensors(path));
  std::erase_if(values, [](const auto& item) { return belongs_to_classifier(item.first); });
  NamedTensors targets = state_of(network);
  std::erase_if(targets, [&](const auto& item) {
    return belongs_to_classifier(item.first) || (may_be_missing(item.first) && !values.contains(item.first));
  });
  return copy_into(targets, values, "load backbone weights from " + path);
}

}  // namespace oodml::models
