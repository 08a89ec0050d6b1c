#include <utility>

#include "core/miners/distance.h"
#include "core/miners/epshn.h"
#include "core/miners/intra_random.h"
#include "core/miners/lifted.h"
#include "core/miners/miner.h"
#include "core/miners/npair.h"
#include "core/miners/parametric.h"
#include "core/miners/random.h"
#include "core/miners/random_distance.h"
#include "core/miners/rho_distance.h"
#include "core/miners/semihard.h"
#include "core/miners/shared_distance.h"
#include "core/miners/softhard.h"

namespace oodml::miners {
namespace {

using Made = Result<std::unique_ptr<Miner>>;
using Factory = Made (*)(const Params& params, bool compat_paper);

template <typename T>
Made make_plain(const Params&, bool) {
  return std::make_unique<T>();
}

template <typename T>
Made make_with_margin(const Params& params, bool) {
  return std::make_unique<T>(params.number("margin"));
}

Made make_distance(const Params& params, bool compat_paper) {
  return std::make_unique<Distance>(
      DistanceOptions{.lower_cutoff = params.number("lower_cutoff"), .lone_anchors = compat_paper});
}

Made make_easypositive(const Params& params, bool) {
  return std::make_unique<Distance>(DistanceOptions{.lower_cutoff = params.number("lower_cutoff")});
}

Made make_rho_distance(const Params& params, bool) {
  return std::make_unique<RhoDistance>(
      RhoDistanceOptions{.cp = params.number("cp"), .lower_cutoff = params.number("lower_cutoff")});
}

Made make_random_distance(const Params& params, bool) {
  return std::make_unique<RandomDistance>(params.number("lower_cutoff"));
}

template <SharedPositives positives>
Made make_shared(const Params& params, bool) {
  return std::make_unique<SharedDistance>(positives, params.number("lower_cutoff"));
}

const std::vector<std::pair<std::string, Factory>>& builtin_miners() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> miners = {
      {"random", make_plain<Random>},
      {"semihard", make_with_margin<Semihard>},
      {"distance", make_distance},
      {"rho_distance", make_rho_distance},
      {"npair", make_plain<NPair>},
      {"lifted", make_plain<Lifted>},
      {"softhard", make_plain<Softhard>},
      {"parametric", make_parametric},
      {"random_distance", make_random_distance},
      {"intra_random", make_plain<IntraRandom>},
      {"epshn", make_with_margin<Epshn>},
      {"shared_neg_distance", make_shared<SharedPositives::kUniform>},
      {"shared_full_distance", make_shared<SharedPositives::kWeighted>},
      {"easypositive", make_easypositive},
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
