#include <utility>

#include "core/miners/distance.h"
#include "core/miners/miner.h"
#include "core/miners/random.h"
#include "core/miners/rho_distance.h"
#include "core/miners/semihard.h"

namespace oodml::miners {
namespace {

using Factory = std::unique_ptr<Miner> (*)(const Params& params, bool compat_paper);

std::unique_ptr<Miner> make_random(const Params&, bool) { return std::make_unique<Random>(); }

std::unique_ptr<Miner> make_semihard(const Params& params, bool) {
  return std::make_unique<Semihard>(params.number("margin"));
}

std::unique_ptr<Miner> make_distance(const Params& params, bool compat_paper) {
  return std::make_unique<Distance>(
      DistanceOptions{.lower_cutoff = params.number("lower_cutoff"), .lone_anchors = compat_paper});
}

std::unique_ptr<Miner> make_rho_distance(const Params& params, bool) {
  return std::make_unique<RhoDistance>(
      RhoDistanceOptions{.cp = params.number("cp"), .lower_cutoff = params.number("lower_cutoff")});
}

const std::vector<std::pair<std::string, Factory>>& builtin_miners() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> miners = {
      {"random", make_random},
      {"semihard", make_semihard},
      {"distance", make_distance},
      {"rho_distance", make_rho_distance},
  };
  // clang-format on
  return miners;
}

}  // namespace

Result<std::unique_ptr<Miner>> make_miner(const ComponentChoice& choice, bool compat_paper) {
  std::string known;
  for (const auto& [name, make] : builtin_miners()) {
    if (name == choice.name) return make(choice.params, compat_paper);
    known += (known.empty() ? "" : ", ") + name;
  }
  return invalid_argument("unknown miner '" + choice.name + "'; known: " + known);
}

std::vector<std::string> miner_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : builtin_miners()) names.push_back(name);
  return names;
}

}  // namespace oodml::miners
