// Whoever names a best epoch names the same one: results.json, the networks that are kept, the service's tables.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "coordinator/results/figures.h"
#include "core/base/seeds.h"
#include "core/sweep/sweep.h"
#include "core/train/best_checkpoints.h"
#include "core/trial/results_file.h"
#include "tests/core/trial/in_process.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml {
namespace {

using Series = std::pair<std::string, std::string>;  // set, metric
using History = std::vector<job::Metric>;
using BestEpochs = std::map<Series, std::optional<std::int64_t>>;

/// Few different values, so that many are equal, and some that are none.
double random_value(Random& random) {
  const auto drawn = random.below(8);
  if (drawn == 0) return std::numeric_limits<double>::quiet_NaN();
  return 0.1 * static_cast<double>(drawn);
}

/// Epochs 0 (now and then) to `epochs`, evaluated at some of them and at the last.
History random_history(Random& random, std::int64_t epochs) {
  History history;
  const std::int64_t every = 1 + random.below(3);
  const bool before_training = epochs == 0 || random.below(2) == 0;
  for (std::int64_t epoch = before_training ? 0 : 1; epoch <= epochs; ++epoch) {
    if (epoch > 0) history.push_back({epoch, "train", "embeds", "loss", random_value(random)});
    if (epoch > 0 && epoch % every != 0 && epoch != epochs) continue;
    for (const char* set : {"test", "val"}) {
      for (const char* metric : {"e_recall@1", "nmi", "dists@intra"}) {
        history.push_back({epoch, set, "embeds", metric, random_value(random)});
      }
    }
  }
  return history;
}

BestEpochs of_results_file(const History& history, std::int64_t epochs) {
  job::TrialSpec spec;
  spec.values.set("epochs", epochs);
  for (const char* key : {"benchmark", "split"}) spec.values.set(key, std::string("any"));
  spec.values.set("seed", std::int64_t{0});
  const auto best = nlohmann::json::parse(trial::results_json(spec, "abc", history, {})).at("best");
  BestEpochs epochs_of;
  for (const auto& [set, metrics] : best.items()) {
    for (const auto& [metric, figure] : metrics.items()) epochs_of[{set, metric}] = figure.at("epoch");
  }
  return epochs_of;
}

/// What stays kept when the figures come one by one.
BestEpochs of_kept_networks(const History& history, std::int64_t epochs) {
  BestEpochs kept;
  for (auto figure = history.begin(); figure != history.end(); ++figure) {
    if (!train::is_best(*figure, History(history.begin(), figure), epochs > 0)) continue;
    kept[{figure->set, figure->name}] = figure->epoch;
  }
  return kept;
}

BestEpochs of_tables(const History& history) {
  std::map<Series, coordinator::store::Curve> curves;
  for (const job::Metric& metric : history) {
    auto& curve = curves[{metric.set, metric.name}];
    curve.set = metric.set;
    curve.embeds = metric.embeds;
    curve.name = metric.name;
    curve.values[metric.epoch] = metric.value;
  }
  std::vector<coordinator::store::Curve> list;
  std::vector<Series> series;
  for (auto& [one, curve] : curves) {
    curve.series = static_cast<std::int64_t>(list.size());
    series.push_back(one);
    list.push_back(curve);
  }
  BestEpochs best;
  for (const auto& figures : coordinator::results::figures_of(list)) {
    const Series& one = series[static_cast<std::size_t>(figures.series)];
    const bool own = one.second == "e_recall@1" || one.second == "nmi";  // the others are read at a best recall
    if (own && !std::isnan(figures.best)) best[one] = figures.best_epoch;
  }
  return best;
}

TEST(BestEpochAgreementTest, ResultsFileKeptNetworksAndTablesNameTheSame) {
  Random random(7);
  int untrained_is_largest = 0;
  for (int round = 0; round < 500; ++round) {
    const std::int64_t epochs = random.below(7);
    const History history = random_history(random, epochs);
    const BestEpochs expected = of_results_file(history, epochs);
    SCOPED_TRACE("round " + std::to_string(round) + ", epochs " + std::to_string(epochs));
    EXPECT_EQ(of_kept_networks(history, epochs), expected);
    EXPECT_EQ(of_tables(history), expected);
    for (const auto& [series, epoch] : expected) EXPECT_TRUE(epochs == 0 || epoch > 0) << series.first << series.second;
    untrained_is_largest += epochs > 0 && history.front().epoch == 0 && history.front().value > 0.65;
  }
  EXPECT_GT(untrained_is_largest, 10) << "the case that the rule is for";
}

double value_at(const History& history, std::int64_t epoch, const std::string& metric) {
  for (const job::Metric& figure : history) {
    if (figure.epoch == epoch && figure.name == metric && figure.set == "test") return figure.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST(BestEpochAgreementTest, ATrialThatGotWorseKeepsItsTrainedNetwork) {
  int got_worse = 0;
  for (int seed = 0; seed < 12 && got_worse == 0;
       ++seed) {  // one step hardly helps, so about every second figure falls
    testing::TinyTrial tiny;
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"epochs", "1"},
             {"steps_per_epoch", "1"},
             {"seed", std::to_string(seed)},
             {"keep_best", "[nmi, mAP_c]"},
             {"evaluate", "{sets: [test], metrics: [nmi, mAP_c], before_training: true}"}}) {
      tiny.set(key, value);
    }
    const auto spec = sweep::parse_trial_file(tiny.text(), "trial.yaml");
    ASSERT_TRUE(spec.has_value()) << spec.error().message();
    const auto run = testing::run_in_process(*spec, tiny.places(), tiny.run_dir("short"));
    ASSERT_TRUE(run.has_value()) << run.error().message();
    const BestEpochs told = of_results_file(run->history, 1);
    for (const std::string metric : {"nmi", "mAP_c"}) {
      got_worse += value_at(run->history, 0, metric) > value_at(run->history, 1, metric);
      const auto folder = tiny.run_dir("short") / "best" / ("test_embeds_" + metric);
      EXPECT_EQ(nlohmann::json::parse(testing::read_text(folder / "best.json")).at("epoch"), 1) << metric;
      EXPECT_EQ(told.at({"test", metric}), 1) << metric;
    }
  }
  EXPECT_GT(got_worse, 0) << "the case that the rule is for";
}

}  // namespace
}  // namespace oodml
