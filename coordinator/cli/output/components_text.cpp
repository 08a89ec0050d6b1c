#include "coordinator/cli/output/components_text.h"

#include <algorithm>

#include "coordinator/cli/output/recipes_text.h"
#include "coordinator/cli/output/table.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

using catalogue::Component;
using catalogue::Kind;
using catalogue::Parameter;

/// What a sweep has to give beside the name, and what it may say.
std::vector<std::string> needs_of(const Component& component) {
  std::vector<std::string> needs;
  if (component.kind == Kind::kCriterion) {
    needs.push_back(component.may_mine         ? "a miner where its file reads tuples"
                    : !component.needs_miner   ? "no miner"
                    : component.miners.empty() ? "a miner"
                                               : "a miner: " + joined(component.miners));
    if (component.expects_unit_rows) needs.push_back("unit-length embeddings (arch with normalize)");
    for (const catalogue::Input& input : catalogue::known_inputs()) {
      if (std::count(component.inputs.begin(), component.inputs.end(), input.name) > 0) needs.push_back(input.meaning);
    }
    if (component.trains_parameters) needs.push_back("parameters of its own");
  }
  if (component.gives_sets) needs.push_back("gives sets, for the criteria that name it");
  if (component.mines_triplets) needs.push_back("no miner beside it");
  if (component.needs_validation) needs.push_back("validation");
  if (component.kind == Kind::kBackbone) {
    if (!component.modifiers.empty()) needs.push_back("modifiers: " + joined(component.modifiers));
    needs.push_back("feature width " +
                    (component.feature_dim > 0 ? std::to_string(component.feature_dim) : "of its file"));
    if (!component.published_weights.empty()) needs.push_back("default weights: " + component.published_weights);
  }
  if (component.kind == Kind::kBenchmark) {
    needs.push_back("layout " + component.layout);
    if (!component.split_ids.empty()) {
      needs.push_back("split ids " + component.split_ids.front() + " to " + component.split_ids.back() + ", default " +
                      component.default_split);
    }
  }
  return needs;
}

/// As a sweep writes it: e_recall@k, dists@intra.
std::string written_name(const Component& component) {
  if (component.takes_k) return component.name + "@k";
  if (component.takes_order) return component.name + "@m";
  std::vector<std::string> names;
  for (const std::string& variant : component.variants) names.push_back(component.name + "@" + variant);
  return names.empty() ? component.name : joined(names);
}

std::string accepted(const Parameter& parameter) {
  const std::string range = parameter.range_text();
  return range.empty() ? to_text(parameter.type) : range;
}

std::string parameters_text(const std::vector<Parameter>& parameters, const Style& style) {
  Table table({{"PARAMETER"},
               {"DEFAULT", Align::kLeft, Overflow::kWrap},
               {"ACCEPTED", Align::kLeft, Overflow::kWrap},
               {"MEANING", Align::kLeft, Overflow::kWrap}});
  for (const Parameter& parameter : parameters) {
    table.add({parameter.name, to_display_text(parameter.fallback), accepted(parameter), parameter.help});
  }
  return table.text(style);
}

std::string indented(const std::string& text, std::size_t spaces) {
  std::string result;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    result += std::string(spaces, ' ') + text.substr(start, end - start + 1);
    start = end + 1;
  }
  return result;
}

/// "...; also called full"
std::string summary_with_aliases(const Component& component) {
  if (component.aliases.empty()) return component.summary;
  return component.summary + "; also called " + joined(component.aliases, ", ");
}

std::string component_text(const Component& component, const Style& style) {
  std::string text = style.paint(Colour::kBold, written_name(component)) + "\n";
  std::string about = summary_with_aliases(component);
  if (!component.paper.empty()) about += " (" + component.paper + ")";
  const std::size_t inner = style.width > 10 ? style.width - 4 : 0;
  for (const std::string& line : wrapped(about, inner)) text += "    " + line + "\n";
  const std::vector<std::string> needs = needs_of(component);
  if (!needs.empty()) {
    const std::string start = component.kind == Kind::kCriterion ? "needs: " : "";
    for (const std::string& line : wrapped(start + joined(needs, "; "), inner)) {
      text += style.paint(Colour::kDim, "    " + line) + "\n";
    }
  }
  for (const std::string& change : component.paper_mode) {
    for (const std::string& line : wrapped("compat: paper: " + change, inner)) {
      text += style.paint(Colour::kDim, "    " + line) + "\n";
    }
  }
  if (component.parameters.empty()) return text;
  Style narrower = style;
  narrower.width = inner;
  return text + indented(parameters_text(component.parameters, narrower), 4);
}

std::string heading(const char* plural) {
  std::string text = plural;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string markdown_cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.replace(i, 1, "\\|");
  return text;
}

std::string markdown_parameters(const std::vector<Parameter>& parameters) {
  std::vector<std::string> words;
  for (const Parameter& parameter : parameters) {
    words.push_back("`" + parameter.name + "` " + markdown_cell(to_display_text(parameter.fallback)));
  }
  return joined(words);
}

/// Kinds that are measured against the references.
bool has_status(Kind kind) { return kind != Kind::kBenchmark; }

std::string markdown_status(const Component& component) {
  return catalogue::status_of(component) +
         (component.paper_mode.empty() ? "" : " (" + joined(component.paper_mode, "; ") + ")");
}

Json parameter_json(const Parameter& parameter) {
  const auto bound = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  return {{"name", parameter.name},
          {"type", to_text(parameter.type)},
          {"default", std::visit([](const auto& value) { return Json(value); }, parameter.fallback)},
          {"at_least", bound(parameter.at_least)},
          {"at_most", bound(parameter.at_most)},
          {"above", bound(parameter.above)},
          {"below", bound(parameter.below)},
          {"choices", parameter.choices},
          {"help", parameter.help},
          {"source", parameter.source},
          {"changes_result", parameter.changes_result}};
}

Json parameters_json(const std::vector<Parameter>& parameters) {
  Json json = Json::array();
  for (const Parameter& parameter : parameters) json.push_back(parameter_json(parameter));
  return json;
}

Json component_json(const Component& c) {
  Json json = {{"name", c.name},       {"written", written_name(c)}, {"aliases", c.aliases},
               {"summary", c.summary}, {"paper", c.paper},           {"parameters", parameters_json(c.parameters)}};
  if (has_status(c.kind)) json.update({{"status", catalogue::status_of(c)}, {"paper_mode", c.paper_mode}});
  if (c.kind == Kind::kCriterion) {
    json.update({{"needs_miner", c.needs_miner},
                 {"may_mine", c.may_mine},
                 {"miners", c.miners},
                 {"reads", c.inputs},
                 {"trains_parameters", c.trains_parameters},
                 {"expects_unit_rows", c.expects_unit_rows}});
  } else if (c.kind == Kind::kMiner) {
    json["gives_sets"] = c.gives_sets;
  } else if (c.kind == Kind::kSampler) {
    json.update({{"mines_triplets", c.mines_triplets}, {"needs_validation", c.needs_validation}});
  } else if (c.kind == Kind::kBackbone) {
    json.update(
        {{"published_weights", c.published_weights}, {"modifiers", c.modifiers}, {"feature_dim", c.feature_dim}});
  } else if (c.kind == Kind::kMetric) {
    json.update({{"takes_k", c.takes_k},
                 {"takes_order", c.takes_order},
                 {"variants", c.variants},
                 {"is_distance", c.is_distance}});
  } else if (c.kind == Kind::kBenchmark) {
    json.update({{"layout", c.layout}, {"split_ids", c.split_ids}, {"default_split", c.default_split}});
  }
  return json;
}

}  // namespace

std::string components_text(const CatalogueChoice& choice, const Style& style) {
  std::string text;
  for (const Kind kind : choice.kinds) {
    if (!text.empty()) text += "\n";
    text += style.paint(Colour::kCyan, heading(to_plural(kind))) + "\n";
    for (const Component& component : catalogue::components(kind)) text += component_text(component, style);
  }
  if (choice.keys) {
    if (!text.empty()) text += "\n";
    text += style.paint(Colour::kCyan, "Keys of a trial") + "\n" + parameters_text(catalogue::trial_keys(), style);
    text += "\n" + recipes_text(style);
  }
  return text;
}

std::string components_markdown(const CatalogueChoice& choice) {
  std::string text;
  for (const Kind kind : choice.kinds) {
    const bool criteria = kind == Kind::kCriterion;
    const bool details = criteria || kind == Kind::kBackbone || kind == Kind::kBenchmark;
    bool parameters = false;
    for (const Component& c : catalogue::components(kind)) parameters = parameters || !c.parameters.empty();
    text += (text.empty() ? "### " : "\n### ") + heading(to_plural(kind)) + "\n\n| name | what it is |";
    text += std::string(details ? criteria ? " needs |" : " details |" : "") + (parameters ? " parameters |" : "") +
            (has_status(kind) ? " status |" : "") + " source |\n| --- | --- |" + (details ? " --- |" : "") +
            (parameters ? " --- |" : "") + (has_status(kind) ? " --- |" : "") + " --- |\n";
    for (const Component& c : catalogue::components(kind)) {
      text += "| `" + written_name(c) + "` | " + markdown_cell(summary_with_aliases(c)) + " | ";
      if (details) text += markdown_cell(joined(needs_of(c), "; ")) + " | ";
      if (parameters) text += markdown_parameters(c.parameters) + " | ";
      if (has_status(kind)) text += markdown_cell(markdown_status(c)) + " | ";
      text += markdown_cell(c.paper) + " |\n";
    }
  }
  if (!choice.keys) return text;
  text += (text.empty() ? "" : "\n") + std::string("### Keys of a trial\n\n| key | default | accepted | meaning |\n") +
          "| --- | --- | --- | --- |\n";
  for (const Parameter& p : catalogue::trial_keys()) {
    text += "| `" + p.name + "` | " + markdown_cell(to_display_text(p.fallback)) + " | " + markdown_cell(accepted(p)) +
            " | " + markdown_cell(p.help) + " |\n";
  }
  return text + "\n" + recipes_markdown();
}

Json components_json(const CatalogueChoice& choice) {
  Json json = Json::object();
  for (const Kind kind : choice.kinds) {
    Json list = Json::array();
    for (const Component& component : catalogue::components(kind)) list.push_back(component_json(component));
    json[to_plural(kind)] = std::move(list);
  }
  if (choice.keys) json.update({{"keys", parameters_json(catalogue::trial_keys())}, {"recipes", recipes_json()}});
  return json;
}

}  // namespace oodml::cli
