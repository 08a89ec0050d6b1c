#include "coordinator/cli/output/recipes_text.h"

#include <variant>

#include "coordinator/cli/output/text.h"
#include "core/base/words.h"
#include "core/catalogue/recipe.h"

namespace oodml::cli {
namespace {

using catalogue::Recipe;

/// "seed: 1", "on online_products evaluate.metrics: [...]"
std::vector<std::string> settings_of(const Recipe& recipe, const std::string& quote) {
  std::vector<std::string> settings;
  const auto add = [&](const std::string& before, const Params& values) {
    for (const auto& [key, value] : values) {
      settings.push_back(before + quote + key + ": " + to_display_text(value) + quote);
    }
  };
  add("", recipe.defaults);
  for (const auto& [benchmark, values] : recipe.of_benchmark) add("on " + benchmark + " ", values);
  return settings;
}

Json to_json(const Params& values) {
  Json json = Json::object();
  for (const auto& [key, value] : values) json[key] = std::visit([](const auto& v) { return Json(v); }, value);
  return json;
}

}  // namespace

std::string recipes_text(const Style& style) {
  std::string text = style.paint(Colour::kCyan, "Recipes") + "\n";
  const std::size_t inner = style.width > 10 ? style.width - 4 : 0;
  for (const Recipe& recipe : catalogue::recipes()) {
    text += style.paint(Colour::kBold, recipe.name) + "\n";
    for (const std::string& line : wrapped(recipe.summary, inner)) text += "    " + line + "\n";
    for (const std::string& setting : settings_of(recipe, "")) {
      for (const std::string& line : wrapped(setting, inner)) text += style.paint(Colour::kDim, "    " + line) + "\n";
    }
  }
  return text;
}

std::string recipes_markdown() {
  std::string text = "### Recipes\n\n| recipe | source | what it sets |\n| --- | --- | --- |\n";
  for (const Recipe& recipe : catalogue::recipes()) {
    text += "| `" + recipe.name + "` | " + recipe.summary + " | " + joined(settings_of(recipe, "`")) + " |\n";
  }
  return text;
}

Json recipes_json() {
  Json json = Json::array();
  for (const Recipe& recipe : catalogue::recipes()) {
    Json of_benchmark = Json::object();
    for (const auto& [benchmark, values] : recipe.of_benchmark) of_benchmark[benchmark] = to_json(values);
    json.push_back({{"name", recipe.name},
                    {"source", recipe.summary},
                    {"defaults", to_json(recipe.defaults)},
                    {"of_benchmark", std::move(of_benchmark)}});
  }
  return json;
}

}  // namespace oodml::cli
