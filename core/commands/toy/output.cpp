#include "core/commands/toy/output.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace oodml::commands {
namespace {

using nlohmann::ordered_json;

/// Shares of the second singular value that differ by less are called alike.
constexpr double kAlike = 0.005;

struct Named {
  std::string_view name;
  const toy::Learned& learned;
};

std::vector<Named> networks_of(const toy::Outcome& outcome) {
  return {{"base", outcome.base}, {"regularised", outcome.regularised}};
}

/// [[x, y], ...] of rows [N, 2]
ordered_json pairs(const torch::Tensor& rows) {
  ordered_json list = ordered_json::array();
  const auto values = rows.contiguous();
  const auto* value = values.const_data_ptr<float>();
  for (std::int64_t i = 0; i < rows.size(0); ++i) list.push_back({value[2 * i], value[2 * i + 1]});
  return list;
}

ordered_json test_pairs(const std::vector<torch::Tensor>& sets) {
  ordered_json by_name;
  for (std::size_t i = 0; i < sets.size(); ++i) by_name[toy::test_segments()[i].name] = pairs(sets[i]);
  return by_name;
}

void append_rows(std::string& text, std::string_view set, std::int64_t label, const torch::Tensor& rows) {
  const auto values = rows.contiguous();
  const auto* value = values.const_data_ptr<float>();
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    text += fmt::format("{},{},{},{}\n", set, label, value[2 * i], value[2 * i + 1]);
  }
}

/// set,label,x,y of training and test rows.
std::string points_csv(const torch::Tensor& train, const torch::Tensor& labels,
                       const std::vector<torch::Tensor>& tests) {
  std::string text = "set,label,x,y\n";
  for (std::size_t i = 0; i < toy::class_segments().size(); ++i) {
    const auto label = static_cast<std::int64_t>(i);
    append_rows(text, "train", label, train.index_select(0, labels.eq(label).nonzero().squeeze(1)));
  }
  for (std::size_t i = 0; i < tests.size(); ++i) append_rows(text, "test", static_cast<std::int64_t>(i), tests[i]);
  return text;
}

std::string singular_values_csv(const toy::Outcome& outcome) {
  std::string text = "network,index,value,share\n";
  for (const auto& [name, learned] : networks_of(outcome)) {
    for (std::size_t i = 0; i < learned.spectrum.size(); ++i) {
      text += fmt::format("{},{},{},{}\n", name, i + 1, learned.singular_values[i], learned.spectrum[i]);
    }
  }
  return text;
}

std::string losses_csv(const toy::Outcome& outcome) {
  std::string text = "step,base,regularised\n";
  for (std::size_t i = 0; i < outcome.base.losses.size(); ++i) {
    text += fmt::format("{},{},{}\n", i + 1, outcome.base.losses[i], outcome.regularised.losses[i]);
  }
  return text;
}

std::string sentence_of(double base, double regularised) {
  const std::string shares = fmt::format(
      "its second direction holds {:.1f} % of the sum of the singular values, {:.1f} %", 100 * regularised, 100 * base);
  const std::string end = " without regularisation.\n";
  if (regularised > base + kAlike) return "The regularised embedding is spread over more directions: " + shares + end;
  if (regularised < base - kAlike) return "The regularised embedding is spread over fewer directions: " + shares + end;
  return "Both embeddings are spread alike: of the regularised one, " + shares + end;
}

}  // namespace

std::string table_of(const toy::Outcome& outcome) {
  std::string text = fmt::format("Toy experiment, seed {}: {} training points of {} classes, {} steps\n\n",
                                 outcome.seed, outcome.plane.points.size(0), toy::class_segments().size(), toy::kSteps);
  text += fmt::format("{:<12} {:>9}  {:>15}  {:>10}\n", "network", "last loss", "singular values", "shares");
  for (const auto& [name, learned] : networks_of(outcome)) {
    const auto& value = learned.singular_values;
    const auto& share = learned.spectrum;
    text += fmt::format("{:<12} {:>9.5f}  {:>7.4f} {:>7.4f}  {:.3f} {:.3f}\n", name, learned.losses.back(), value[0],
                        value[1], share[0], share[1]);
  }
  return text + "\n" + sentence_of(outcome.base.spectrum[1], outcome.regularised.spectrum[1]);
}

std::string json_of(const toy::Outcome& outcome) {
  const auto* labels = outcome.plane.labels.const_data_ptr<std::int64_t>();
  ordered_json document = {{"version", 1},
                           {"seed", outcome.seed},
                           {"data",
                            {{"train", pairs(outcome.plane.points)},
                             {"labels", std::vector<std::int64_t>(labels, labels + outcome.plane.labels.numel())},
                             {"test", test_pairs(outcome.plane.test_points)}}},
                           {"networks", ordered_json::object()}};
  for (const auto& [name, learned] : networks_of(outcome)) {
    document["networks"][std::string(name)] = {{"train", pairs(learned.embeddings)},
                                               {"test", test_pairs(learned.test_embeddings)},
                                               {"singular_values", learned.singular_values},
                                               {"spectrum", learned.spectrum},
                                               {"losses", learned.losses}};
  }
  return document.dump(1) + "\n";
}

std::vector<std::pair<std::string, std::string>> csv_files(const toy::Outcome& outcome) {
  const auto& plane = outcome.plane;
  std::vector<std::pair<std::string, std::string>> files = {
      {"data.csv", points_csv(plane.points, plane.labels, plane.test_points)}};
  for (const auto& [name, learned] : networks_of(outcome)) {
    files.emplace_back(std::string(name) + ".csv",
                       points_csv(learned.embeddings, plane.labels, learned.test_embeddings));
  }
  files.emplace_back("singular_values.csv", singular_values_csv(outcome));
  files.emplace_back("losses.csv", losses_csv(outcome));
  return files;
}

}  // namespace oodml::commands
