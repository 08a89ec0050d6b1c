#include "core/models/script_backbone.h"

#include <ATen/Context.h>

#include <mutex>
#include <stdexcept>
#include <utility>

#include "core/models/script_facts.h"
#include "core/scripts/module.h"

namespace oodml::models {
namespace {

/// The seed of a pass that draws: another one for every step and replica. (A multiplier of Steele and Vigna, 2021.)
std::uint64_t seed_of(std::int64_t key, std::int64_t step, std::int64_t part) {
  return (static_cast<std::uint64_t>(key) + static_cast<std::uint64_t>(step) * 64 + static_cast<std::uint64_t>(part)) *
         0xd1342543de82ef95ULL;
}

/// Modules draw from the device's own generator: nothing else of a trial does.
void seed_draws(const torch::Device& device, std::uint64_t seed) {
  auto generator = at::globalContext().defaultGenerator(device);
  const std::scoped_lock lock(generator.mutex());
  generator.set_current_seed(seed);
}

class ScriptBackbone final : public PooledNetwork {
 public:
  ScriptBackbone(const NetworkOptions& options, std::string who, std::shared_ptr<scripts::Module> module,
                 const ScriptFacts& facts)
      : PooledNetwork(options.arch, facts.feature_width), who_(std::move(who)), facts_(facts) {
    module_ = register_module("script", std::move(module));
    if (facts.draws) {
      key_ = register_buffer("draws_key", torch::empty({}, torch::kInt64).random_(0, 1LL << 48, options.generator));
      step_ = register_buffer("draws_step", torch::zeros({}, torch::kInt64));
    }
    add_heads(options);
  }

  std::optional<InputStatistics> input_statistics() const override { return facts_.statistics; }
  void take_part(std::int64_t part) override { part_ = part; }

 protected:
  Features features_of(const torch::Tensor& images) override {
    if (facts_.draws && is_training()) {
      seed_draws(images.device(), seed_of(key_.item<std::int64_t>(), step_.item<std::int64_t>(), part_));
      step_.add_(1);
    }
    const ScriptFeatures found = script_features(*module_, images, who_);
    if (found.width() != feature_dim()) {
      throw std::invalid_argument(who_ + " returned " + found.shown + " where its features have width " +
                                  std::to_string(feature_dim()));
    }
    // Features without a map are a map of one place.
    auto map = found.map.defined() ? found.map : found.pooled.unsqueeze(2).unsqueeze(3);
    return {map, found.pooled.defined() ? found.pooled : pool(map)};
  }
  torch::Tensor feature_map(const torch::Tensor& images) override { return features_of(images).map; }

 private:
  std::string who_;
  ScriptFacts facts_;
  std::shared_ptr<scripts::Module> module_;
  torch::Tensor key_, step_;  ///< int64 scalars; of modules that draw.
  std::int64_t part_ = 0;
};

}  // namespace

Result<std::shared_ptr<Network>> make_script_backbone(const NetworkOptions& options, const ScriptOptions& script) {
  const std::string& name = options.arch.script;
  OODML_ASSIGN_OR_RETURN(const auto file, scripts::find_script(script.access, name));
  OODML_ASSIGN_OR_RETURN(auto module, scripts::load_module(file, name));
  if (options.arch.frozen) module->freeze_batch_norms();
  const std::string who = "script " + name;
  OODML_ASSIGN_OR_RETURN(const ScriptFacts facts, script_facts(*module, options.arch, script, who));
  return std::make_shared<ScriptBackbone>(options, who, std::move(module), facts);
}

}  // namespace oodml::models
