#include "core/models/script_facts.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <stdexcept>
#include <vector>

#include "core/models/tensor_file.h"

namespace oodml::models {
namespace {

constexpr const char* kAccepted =
    "; accepted are features [B, F], a map [B, F, h, w], a tuple (features, map), or a dict of `features` and `map`";
constexpr std::int64_t kTriedImages = 2;

bool are_rows(const torch::Tensor& tensor, std::int64_t dims, std::int64_t images) {
  return tensor.defined() && tensor.is_floating_point() && tensor.dim() == dims && tensor.size(0) == images &&
         tensor.size(1) > 0 && tensor.numel() > 0;
}

/// Puts a tensor where its name, or else its shape and place, says; false where it is neither.
bool take(ScriptFeatures& found, const torch::Tensor& tensor, const std::string& name, std::int64_t images) {
  if (name != "map" && !found.pooled.defined() && are_rows(tensor, 2, images)) {
    found.pooled = tensor;
  } else if (name != "features" && !found.map.defined() && are_rows(tensor, 4, images)) {
    found.map = tensor;
  } else {
    return false;
  }
  return true;
}

Result<std::int64_t> whole_number(const scripts::Attribute& value, const std::string& what) {
  const double* number = std::get_if<double>(&value);
  if (number != nullptr && *number >= 1 && *number <= 1 << 20 && *number == std::floor(*number)) {
    return static_cast<std::int64_t>(*number);
  }
  return invalid_argument(what + " must be an integer from 1 to 1048576");
}

/// 224, [224, 224] or [3, 224, 224].
Result<std::int64_t> side_of(const scripts::Attribute& value, const std::string& what) {
  const auto* sizes = std::get_if<std::vector<double>>(&value);
  if (sizes == nullptr) return whole_number(value, what);
  const auto count = sizes->size();
  if ((count == 2 || count == 3) && sizes->back() == (*sizes)[count - 2]) return whole_number(sizes->back(), what);
  return invalid_argument(what + " must be H, [H, H] or [3, H, H]: crops are square");
}

Result<std::array<float, 3>> three_of(const scripts::Attribute& value, const std::string& what) {
  const auto* numbers = std::get_if<std::vector<double>>(&value);
  const auto is_finite = [](double number) { return std::isfinite(number); };
  if (numbers == nullptr || numbers->size() != 3 || !std::ranges::all_of(*numbers, is_finite)) {
    return invalid_argument(what + " must be three numbers, one for each of red, green and blue in [0, 1]");
  }
  return std::array<float, 3>{static_cast<float>((*numbers)[0]), static_cast<float>((*numbers)[1]),
                              static_cast<float>((*numbers)[2])};
}

Result<std::optional<InputStatistics>> statistics_of(scripts::Module& module, const std::string& who) {
  const auto mean = module.attribute("mean"), std = module.attribute("std");
  if (!mean && !std) return std::optional<InputStatistics>();
  if (!mean || !std) return invalid_argument(who + " says mean or std of its images, but not both");
  InputStatistics statistics{};
  OODML_ASSIGN_OR_RETURN(statistics.mean, three_of(*mean, who + ": its mean"));
  OODML_ASSIGN_OR_RETURN(statistics.std, three_of(*std, who + ": its std"));
  if (*std::ranges::min_element(statistics.std) <= 0) return invalid_argument(who + ": its std must be above 0");
  return std::optional(statistics);
}

Status check_size(scripts::Module& module, std::int64_t crop_size, const std::string& who) {
  const auto size = module.attribute("input_size");
  if (!size) return {};
  OODML_ASSIGN_OR_RETURN(const std::int64_t side, side_of(*size, who + ": its input_size"));
  if (side == crop_size) return {};
  return invalid_argument(who + " takes images of " + std::to_string(side) +
                          " pixels (its input_size), but crop_size is " + std::to_string(crop_size) +
                          ": write crop_size: " + std::to_string(side));
}

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  if (a.defined() != b.defined()) return false;
  return !a.defined() || (a.sizes() == b.sizes() && at::allclose(a, b, 0, 0, /*equal_nan=*/true));
}

bool same(const ScriptFeatures& a, const ScriptFeatures& b) { return same(a.pooled, b.pooled) && same(a.map, b.map); }

NamedTensors copies_of(const NamedTensors& state) {
  NamedTensors copies;
  for (const auto& [name, tensor] : state) copies[name] = tensor.detach().clone();
  return copies;
}

/// Which buffer or parameter is not what it was; empty: none.
std::string changed(const NamedTensors& before, const NamedTensors& after, std::string_view ending = "") {
  for (const auto& [name, tensor] : after) {
    if (name.ends_with(ending) && !same(tensor.detach(), before.at(name))) return name;
  }
  return "";
}

/// Passes over the same two images, each from the same state.
class Trial {
 public:
  Trial(scripts::Module& module, std::int64_t crop_size, const std::string& who)
      : module_(module), who_(who), state_(state_of(module)), before_(copies_of(state_)) {
    auto generator = at::make_generator<at::CPUGeneratorImpl>(1);
    images_ = at::rand({kTriedImages, 3, crop_size, crop_size}, generator);
  }

  ScriptFeatures pass(bool training, std::uint64_t seed) {
    const torch::NoGradGuard no_grad;
    module_.train(training);
    at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
    generator.set_current_seed(seed);
    ScriptFeatures found = script_features(module_, images_, who_);
    module_.train(true);
    change_ = changed(before_, state_);
    moved_norms_ = !changed(before_, state_, "running_mean").empty();
    for (const auto& [name, tensor] : state_) tensor.copy_(before_.at(name));
    return found;
  }

  const std::string& change() const { return change_; }  ///< Of the latest pass.
  bool moved_norms() const { return moved_norms_; }      ///< Likewise.

 private:
  scripts::Module& module_;
  const std::string& who_;
  NamedTensors state_, before_;
  torch::Tensor images_;
  std::string change_;
  bool moved_norms_ = false;
};

Status check_evaluation(Trial& trial, const ScriptFeatures& first, const std::string& who) {
  if (!trial.change().empty() || !same(first, trial.pass(false, 2))) {
    const std::string what = trial.change().empty() ? "draws numbers" : "changes " + trial.change();
    return invalid_argument(
        who + " " + what +
        " in evaluation mode; a trace keeps the mode that it was made in: trace it after .eval(), or "
        "script it");
  }
  return {};
}

Status check_batch_norms(scripts::Module& module, const Trial& trial, const catalogue::Arch& arch,
                         const ScriptOptions& script, const std::string& who) {
  if (arch.frozen || !module.has_batch_norms()) return {};
  if (!trial.moved_norms()) {
    return invalid_argument(who +
                            ": its batch norms do not follow the images in training, as in a trace after .eval(); "
                            "write _frozen behind its name, or script it");
  }
  if (script.replicas == 1) return {};
  return invalid_argument(who +
                          ": its batch norms would see the part of one replica only; write _frozen behind its name, "
                          "or replicas: 1");
}

}  // namespace

ScriptFeatures script_features(scripts::Module& module, const torch::Tensor& images, const std::string& who) {
  const scripts::Returned returned = module.call({{module.arguments().front().name, images}});
  ScriptFeatures found{.pooled = {}, .map = {}, .shown = returned.shown};
  bool fits = !returned.tensors.empty() && returned.tensors.size() <= 2;
  for (std::size_t i = 0; fits && i < returned.tensors.size(); ++i) {
    fits = take(found, returned.tensors[i], returned.names.empty() ? "" : returned.names[i], images.size(0));
  }
  if (fits && found.pooled.defined() && found.map.defined()) fits = found.pooled.size(1) == found.map.size(1);
  if (fits) return found;
  throw std::invalid_argument(who + " returned " + returned.shown + " for B = " + std::to_string(images.size(0)) +
                              " images" + kAccepted);
}

Result<ScriptFacts> script_facts(scripts::Module& module, const catalogue::Arch& arch, const ScriptOptions& script,
                                 const std::string& who) {
  const auto& arguments = module.arguments();
  if (arguments.empty() || std::ranges::count_if(arguments, &scripts::Argument::needed) > 1) {
    return invalid_argument(who + ": its forward must take images [B, 3, H, W] and nothing else");
  }
  OODML_RETURN_IF_ERROR(check_size(module, script.crop_size, who));
  ScriptFacts facts;
  OODML_ASSIGN_OR_RETURN(facts.statistics, statistics_of(module, who));
  Trial trial(module, script.crop_size, who);
  const ScriptFeatures found = trial.pass(false, 1);
  OODML_RETURN_IF_ERROR(check_evaluation(trial, found, who));
  facts.feature_width = found.width();
  if (const auto said = module.attribute("feature_width")) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t width, whole_number(*said, who + ": its feature_width"));
    if (width != facts.feature_width) {
      return invalid_argument(who + " returned " + found.shown + ", but its feature_width is " + std::to_string(width));
    }
  }
  if (arch.double_pool && found.pooled.defined()) {
    return invalid_argument(who + " returned " + found.shown + ": _double pools a map [B, F, h, w], and only that");
  }
  const ScriptFeatures trained = trial.pass(true, 1);
  OODML_RETURN_IF_ERROR(check_batch_norms(module, trial, arch, script, who));
  facts.draws = !same(trained, trial.pass(true, 2));
  return facts;
}

}  // namespace oodml::models
