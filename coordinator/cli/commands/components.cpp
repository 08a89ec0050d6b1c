#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/components_text.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::cli {
namespace {

using catalogue::Kind;
constexpr Kind kKinds[] = {Kind::kCriterion, Kind::kMiner,  Kind::kSampler,
                           Kind::kBackbone,  Kind::kMetric, Kind::kBenchmark};

CatalogueChoice choice_of(const std::vector<std::string>& words) {
  CatalogueChoice choice;
  const auto wanted = [&](const std::string& word) {
    return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
  };
  for (const Kind kind : kKinds) {
    if (wanted(to_plural(kind))) choice.kinds.push_back(kind);
  }
  choice.keys = wanted("keys");
  return choice;
}

}  // namespace

void add_components(CommandLine& line) {
  CLI::App* command =
      line.add("components", "What a sweep can name: criteria, miners, metrics, ... with parameters", "Service",
               {"oodml components", "oodml components criteria miners",
                "oodml components keys      every key of a trial", "oodml components -o json"});
  std::vector<std::string> known;
  for (const Kind kind : kKinds) known.emplace_back(to_plural(kind));
  known.emplace_back("keys");
  auto words = std::make_shared<std::vector<std::string>>();
  command
      ->add_option("kinds", *words,
                   "Which: criteria, miners, samplers, backbones, metrics, benchmarks, keys; all unless said")
      ->type_name("KIND")
      ->check([known](const std::string& word) -> std::string {
        if (std::find(known.begin(), known.end(), word) != known.end()) return "";
        return "unknown kind '" + word + "'; known: " + joined(known) + catalogue::did_you_mean(word, known);
      });
  line.on(command,
          [words](Session& session) -> Result<int> {
            const CatalogueChoice choice = choice_of(*words);
            session.print(session.json()                        ? json_text(components_json(choice))
                          : session.format == Format::kMarkdown ? components_markdown(choice)
                                                                : components_text(choice, session.around.out_style));
            return kExitDone;
          },
          {Format::kJson, Format::kMarkdown});
}

}  // namespace oodml::cli
