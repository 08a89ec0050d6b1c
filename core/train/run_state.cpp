#include "core/train/run_state.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace oodml::train {
namespace {

nlohmann::json number(double value) { return std::isnan(value) ? nlohmann::json() : nlohmann::json(value); }

double number(const nlohmann::json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

}  // namespace

void replace(std::vector<VectorFigure>& vectors, VectorFigure figure) {
  std::erase_if(vectors, [&](const VectorFigure& old) {
    return old.set == figure.set && old.embeds == figure.embeds && old.name == figure.name;
  });
  vectors.push_back(std::move(figure));
}

std::string to_json(const RunState& state) {
  nlohmann::json history = nlohmann::json::array();
  for (const job::Metric& metric : state.history) {
    history.push_back({metric.epoch, metric.set, metric.embeds, metric.name, number(metric.value)});
  }
  nlohmann::json vectors = nlohmann::json::array();
  for (const VectorFigure& figure : state.vectors) {
    nlohmann::json values = nlohmann::json::array();
    for (const double value : figure.values) values.push_back(number(value));
    vectors.push_back({figure.epoch, figure.set, figure.embeds, figure.name, std::move(values)});
  }
  const nlohmann::json document = {
      {"epoch", state.epoch},          {"step", state.step},           {"finite_losses", state.finite_losses},
      {"loss_sum", state.loss_sum},    {"seconds", state.seconds},     {"evaluated", state.evaluated},
      {"history", std::move(history)}, {"vectors", std::move(vectors)}};
  return document.dump(1) + "\n";
}

Result<RunState> parse_run_state(std::string_view json) {
  try {
    const auto document = nlohmann::json::parse(json);
    RunState state;
    document.at("epoch").get_to(state.epoch);
    document.at("step").get_to(state.step);
    document.at("finite_losses").get_to(state.finite_losses);
    document.at("loss_sum").get_to(state.loss_sum);
    document.at("seconds").get_to(state.seconds);
    document.at("evaluated").get_to(state.evaluated);
    for (const auto& row : document.at("history")) {
      state.history.push_back({row.at(0).get<std::int64_t>(), row.at(1).get<std::string>(),
                               row.at(2).get<std::string>(), row.at(3).get<std::string>(), number(row.at(4))});
    }
    for (const auto& row : document.at("vectors")) {
      VectorFigure figure{row.at(0).get<std::int64_t>(),
                          row.at(1).get<std::string>(),
                          row.at(2).get<std::string>(),
                          row.at(3).get<std::string>(),
                          {}};
      for (const auto& value : row.at(4)) figure.values.push_back(number(value));
      state.vectors.push_back(std::move(figure));
    }
    return state;
  } catch (const nlohmann::json::exception& error) {
    return failure(StatusCode::kDataLoss, std::string("read the state of a checkpoint: ") + error.what());
  }
}

}  // namespace oodml::train
