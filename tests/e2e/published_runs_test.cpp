// The runs of published sweeps with the settings that they have there, on a small network and a few real images.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using nlohmann::json;

class PublishedRunsTest : public ::testing::Test {
 protected:
  PublishedRunsTest() {
    std::filesystem::copy(source("configs/sweeps"), folder_ / "sweeps");
    make_fashion_mnist(folder_ / "images");
    make_benchmark("cub200");
    for (const char* name : {"cars196", "online_products"}) {
      std::filesystem::copy(folder_ / "benchmarks/cub200", folder_ / ("benchmarks/" + std::string(name)),
                            std::filesystem::copy_options::recursive);
    }
  }

  /// Ten classes of 24 images each, a folder a class.
  void make_benchmark(const std::string& name) const {
    std::filesystem::create_directories(folder_ / "benchmarks");
    const Output made = run({program("oodml"), "subclasses",
                             "--benchmark",    "fashion_mnist",
                             "--root",         folder_ / "images",
                             "--images",       "24",
                             "--per-class",    "1",
                             "--arch",         "small_conv",
                             "--weights",      "none",
                             "--resize",       "28",
                             "--crop-size",    "28",
                             "--output",       folder_ / ("benchmarks/" + name)},
                            {}, std::chrono::minutes(2));
    EXPECT_EQ(made.exit_code, 0) << made.err;
  }

  /// Runs a sweep of tests/e2e to its end, laid beside those it extends; gives the figures of every epoch, of "train"
  /// and "test".
  std::vector<json> run_to_its_end(const std::string& name) const {
    std::filesystem::copy_file(source("tests/e2e/" + name), folder_ / ("sweeps/" + name));
    const std::string state = folder_ / "state";
    const Output ran = run({program("oodml"), "local", folder_ / ("sweeps/" + name), "--state", state,
                            "--benchmarks-root", folder_ / "benchmarks", "--slots", "2", "--threads-per-slot", "1"},
                           {}, std::chrono::minutes(8));
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    const Output logged = run({program("oodml"), "logs", "--sweep", "1", "--state", state, "-o", "json"});
    EXPECT_EQ(logged.exit_code, 0) << logged.err;
    std::vector<json> figures;
    std::istringstream lines(logged.out);
    for (std::string line; std::getline(lines, line);) figures.push_back(json::parse(line));
    return figures;
  }

  TemporaryFolder folder_;
};

/// Values by epoch of each trial's figure.
using Curves = std::map<std::int64_t, std::map<int, double>>;

Curves curves_of(const std::vector<json>& figures, const std::string& set, const std::string& metric) {
  Curves curves;
  for (const json& figure : figures) {
    if (figure.at("set") == set && figure.at("metric") == metric)
      curves[figure.at("trial")][figure.at("epoch")] = figure.at("value");
  }
  return curves;
}

void expect_two_finite_epochs(const Curves& curves, std::size_t trials, const std::string& metric) {
  EXPECT_EQ(curves.size(), trials) << metric;
  for (const auto& [trial, curve] : curves) {
    EXPECT_EQ(curve.size(), 2U) << metric << " of trial " << trial;
    for (const auto& [epoch, value] : curve) EXPECT_TRUE(std::isfinite(value)) << metric << " of trial " << trial;
  }
}

TEST_F(PublishedRunsTest, EachOfTheFourteenRunsOfNirTrainsAndHasItsConvergenceCurve) {
  const auto figures = run_to_its_end("small_nir.yaml");
  for (const char* metric : {"e_recall@1", "e_recall@2", "e_recall@4", "nmi", "mAP_1000"}) {
    expect_two_finite_epochs(curves_of(figures, "test", metric), 14, metric);
  }
  for (const auto& [trial, curve] : curves_of(figures, "train", "skipped_steps")) {
    for (const auto& [epoch, skipped] : curve) EXPECT_EQ(skipped, 0.0) << "trial " << trial;
  }
  const Curves losses = curves_of(figures, "train", "loss");
  expect_two_finite_epochs(losses, 14, "loss");
  std::set<double> first_losses;
  for (const auto& [trial, curve] : losses) first_losses.insert(curve.at(1));
  // The images of the three benchmarks are the same here, and CUB's and CARS' baselines differ in nothing else; the
  // other twelve differ in width, pooling or the weights of their losses.
  EXPECT_EQ(first_losses.size(), 13U);
}

TEST_F(PublishedRunsTest, DivaTrainsOnEachBenchmarkAndIsMeasuredInItsThreeWeightings) {
  const auto figures = run_to_its_end("small_diva.yaml");
  expect_two_finite_epochs(curves_of(figures, "train", "loss"), 3, "loss");
  for (const char* weights : {"1-1-1-1", "0.75-1.25-1.25-1.25", "0.5-1.5-1.5-1.5"}) {
    const std::string metric = "e_recall@1/Combined_discriminative_shared_selfsimilarity_intra-" + std::string(weights);
    for (const char* set : {"test", "train"}) expect_two_finite_epochs(curves_of(figures, set, metric), 3, metric);
  }
}

}  // namespace
}  // namespace oodml::testing
