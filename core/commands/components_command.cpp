#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/print.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"
#include "core/commands/command_errors.h"
#include "core/commands/commands.h"
#include "core/criteria/criterion.h"
#include "core/metrics/evaluation.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"

namespace oodml::commands {

int print_components(bool as_json) {
  using catalogue::Kind;
  std::vector<std::pair<Kind, std::vector<std::string>>> lists = {{Kind::kCriterion, criteria::criterion_names()},
                                                                  {Kind::kMiner, miners::miner_names()},
                                                                  {Kind::kSampler, samplers::sampler_names()},
                                                                  {Kind::kBackbone, models::backbone_names()},
                                                                  {Kind::kMetric, metrics::metric_names()}};
  for (auto& [kind, names] : lists) {
    if (catalogue::find(kind, catalogue::kScript) != nullptr) names.emplace_back(catalogue::kScript);
  }
  nlohmann::ordered_json document = {{"version", 1}};
  std::string text;
  for (const auto& [kind, names] : lists) {
    document[catalogue::to_plural(kind)] = names;
    text += fmt::format("{}: {}\n", catalogue::to_plural(kind), fmt::join(names, ", "));
  }
  return end_of_command("components", print_out(as_json ? document.dump(2) + "\n" : text));
}

}  // namespace oodml::commands
