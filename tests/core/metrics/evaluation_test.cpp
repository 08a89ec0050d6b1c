#include "core/metrics/evaluation.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "core/catalogue/catalogue.h"
#include "core/metrics/faiss_kmeans.h"
#include "core/metrics/nmi.h"

namespace oodml::metrics {
namespace {

struct Set {
  torch::Tensor rows, labels;
};

torch::Tensor labels_of(std::vector<std::int64_t> values) { return at::tensor(values, at::kLong); }

/// The set of docs/check_vectors.md#metrics-set: eight points on a cone.
Set check_set() {
  std::vector<float> values;
  for (const double degrees : {0., 11., 40., 29., 63., 90., 104., 170.}) {
    const double angle = degrees * std::numbers::pi / 180, norm = std::sqrt(1.25);
    for (const double value : {std::cos(angle), std::sin(angle), 0.5})
      values.push_back(static_cast<float>(value / norm));
  }
  return {at::tensor(values).view({8, 3}), labels_of({0, 0, 0, 1, 1, 1, 2, 2})};
}

Set random_set(std::int64_t n, std::int64_t dim, std::int64_t classes, std::uint64_t seed) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  const auto labels = at::randint(classes, {n}, generator, at::TensorOptions(at::kLong));
  const auto centres = at::randn({classes, dim}, generator, at::TensorOptions(at::kFloat));
  const auto rows = centres.index_select(0, labels) + at::randn({n, dim}, generator, at::TensorOptions(at::kFloat));
  return {rows, labels};
}

double value_of(const Set& set, const std::string& metric, EvaluationOptions options = {}) {
  options.metrics = {metric};
  const auto results = evaluate(set.rows, set.labels, options);
  EXPECT_TRUE(results) << results.error().text();
  return results ? results->front().value : std::nan("");
}

const std::vector<std::string> kEveryMetric = {"e_recall@1",
                                               "e_recall@4",
                                               "c_recall@1",
                                               "a_recall@2",
                                               "nmi",
                                               "f1",
                                               "c_nmi",
                                               "c_f1",
                                               "mAP",
                                               "mAP_1000",
                                               "mAP_c",
                                               "mAP_lim",
                                               "c_mAP",
                                               "c_mAP_1000",
                                               "c_mAP_c",
                                               "c_mAP_lim",
                                               "dists@intra",
                                               "dists@inter",
                                               "dists@intra_over_inter"};

TEST(EvaluationTest, GivesTheValuesOfTheCheckVectors) {
  const Set set = check_set();
  const std::vector<std::pair<std::string, double>> wanted = {{"e_recall@1", 0.375},
                                                              {"e_recall@2", 0.625},
                                                              {"e_recall@4", 1.0},
                                                              {"mAP_c", 0.28472222},
                                                              {"mAP_1000", 0.36909722},
                                                              {"dists@intra", 0.26245733},
                                                              {"nmi", 0.55887304},
                                                              {"dists@inter", 0.64527372},
                                                              {"e_recall@1000000", 1.0},
                                                              {"mAP", 0.36909722},
                                                              {"mAP_lim", 0.36909722},
                                                              {"c_mAP", 0.36909722},
                                                              {"c_recall@2", 0.625},
                                                              {"c_mAP_c", 0.28472222},
                                                              {"a_recall@1", 0.375},
                                                              {"f1", 0.42857143},
                                                              {"c_mAP_1000", 0.36909722},
                                                              {"dists@intra_over_inter", 0.40673799},
                                                              {"c_mAP_lim", 0.36909722},
                                                              {"rho_spectrum@-1", 0.13478700},
                                                              {"rho_spectrum@1", 0.16389015},
                                                              {"rho_spectrum@2", 0.13913958}};
  EvaluationOptions options;
  for (const auto& [name, value] : wanted) options.metrics.push_back(name);
  const auto results = evaluate(set.rows, set.labels, options);
  ASSERT_TRUE(results) << results.error().text();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ((*results)[i].name, wanted[i].first);
    EXPECT_NEAR((*results)[i].value, wanted[i].second, 1e-6) << wanted[i].first;
  }
  EXPECT_NEAR(value_of(set, "mAP_1000", {.relevant_map_normalizer = true}), 0.59270833, 1e-6);
  EXPECT_NEAR(value_of(set, "mAP_c", {.relevant_map_normalizer = true}), 0.31250000, 1e-6);
}

TEST(EvaluationTest, TheSpectrumIsAVectorAndIsTruncatedOnRequest) {
  const Set set = check_set();
  const auto spectrum = [&](EvaluationOptions options) {
    options.metrics = {"rho_spectrum@0"};
    return evaluate(set.rows, set.labels, options).value().front();
  };
  const auto full = spectrum({});
  EXPECT_TRUE(std::isnan(full.value));
  ASSERT_EQ(full.values.size(), 3U);
  EXPECT_NEAR(full.values[0], 0.52047580, 1e-7);
  EXPECT_NEAR(full.values[2], 0.12159208, 1e-7);
  EXPECT_EQ(spectrum({.truncate_rho = true}).values.size(), 2U);  // quirk Q34
  EXPECT_EQ(spectrum({.compat_paper = true}).values.size(), 2U);
  for (const EvaluationOptions& options : {EvaluationOptions{.truncate_rho = true}, {.compat_paper = true}}) {
    EXPECT_NEAR(value_of(set, "rho_spectrum@-1", options), 0.01721965, 1e-7);
    EXPECT_NEAR(value_of(set, "rho_spectrum@1", options), 0.01742051, 1e-7);
  }
  EXPECT_EQ(value_of(set, "rho_spectrum@3"), 0.0);  // one value is uniform
  EXPECT_TRUE(std::isnan(value_of(set, "rho_spectrum@4")));
  EXPECT_TRUE(std::isnan(value_of({at::zeros({4, 2}), labels_of({0, 0, 1, 1})}, "rho_spectrum@-1")));
}

TEST(EvaluationTest, PaperModeReadsMissingNeighboursAsTheLastRow) {
  const Set set = check_set();  // quirk Q31: the numbers of the reference
  EXPECT_NEAR(value_of(set, "mAP", {.compat_paper = true}), 0.40034722, 1e-6);
  EXPECT_NEAR(value_of(set, "mAP_lim", {.compat_paper = true}), 0.40034722, 1e-6);
  EXPECT_NEAR(value_of(set, "mAP_1000", {.compat_paper = true}), 120.82463694, 1e-4);
  EXPECT_NEAR(value_of(set, "mAP_c", {.compat_paper = true}), 0.28472222, 1e-6);
  Set single = set;
  single.labels = labels_of({0, 0, 0, 1, 1, 1, 1, 2});  // the last row's class has no other row
  EXPECT_EQ(value_of(single, "e_recall@7"), 7.0 / 8);
  EXPECT_EQ(value_of(single, "e_recall@7", {.compat_paper = true}), 7.0 / 8);
  EXPECT_EQ(value_of(single, "e_recall@8", {.compat_paper = true}), 1.0);
}

TEST(EvaluationTest, QueriesAreSearchedInTheirGallery) {
  const Set gallery{at::tensor(std::vector<float>{0, 1, 2, 3}).unsqueeze(1), labels_of({50, 7, 50, 9})};
  const Set queries{at::tensor(std::vector<float>{0, 3, 1}).unsqueeze(1), labels_of({50, 7, 8})};
  const EvaluationOptions options{.metrics = {"e_recall@1", "e_recall@3", "mAP", "mAP_c", "mAP_1000"},
                                  .relevant_map_normalizer = true,
                                  .compat_paper = true};
  const auto values = evaluate_query_gallery(queries.rows, queries.labels, gallery.rows, gallery.labels, options);
  ASSERT_TRUE(values) << values.error().text();
  EXPECT_NEAR((*values)[0].value, 1.0 / 3, 1e-12);
  EXPECT_NEAR((*values)[1].value, 2.0 / 3, 1e-12);
  EXPECT_NEAR((*values)[2].value, ((1.0 + 2.0 / 3) / 2 + 1.0 / 3) / 3, 1e-12);
  EXPECT_NEAR((*values)[3].value, 0.5 / 3, 1e-12);  // two relevant rows: ranks 1 and 2 are looked at
  EXPECT_EQ((*values)[4].value, (*values)[2].value);

  const auto code = [&](const Set& gallery, std::string metric) {
    const auto result =
        evaluate_query_gallery(queries.rows, queries.labels, gallery.rows, gallery.labels, {.metrics = {metric}});
    return result ? StatusCode::kOk : result.error().code();
  };
  EXPECT_EQ(code(gallery, "c_recall@1"), StatusCode::kOk);
  for (const char* metric : {"nmi", "dists@intra", "rho_spectrum@0"}) {
    EXPECT_EQ(code(gallery, metric), StatusCode::kInvalidArgument) << metric;
  }
  EXPECT_EQ(code({at::ones({4, 2}), gallery.labels}, "mAP"), StatusCode::kInvalidArgument);
}

TEST(EvaluationTest, UnitRowsHaveEqualValuesInBothSpaces) {
  Set set = random_set(300, 12, 15, 4);
  set.rows = set.rows / set.rows.norm(2, 1, true);
  for (const char* metric : {"mAP", "mAP_1000", "mAP_c", "nmi", "f1"}) {
    EXPECT_NEAR(value_of(set, std::string("c_") + metric), value_of(set, metric), 0.02) << metric;
  }
  // Cosines see no norms.
  Set scaled = set;
  scaled.rows = set.rows * at::arange(1, 301).unsqueeze(1);
  for (const char* metric : {"c_mAP", "c_nmi", "c_f1", "c_recall@1"}) {
    EXPECT_NEAR(value_of(scaled, metric), value_of(set, metric), 0.02) << metric;
  }
}

TEST(EvaluationTest, ClassesOfOneRowTakeTheLargestIntraDistance) {
  Set set = check_set();
  set.labels = labels_of({0, 0, 0, 1, 1, 1, 2, 3});
  EXPECT_NEAR(value_of(set, "dists@intra"), 0.18420983, 1e-6);
  set.labels = labels_of({0, 1, 1, 1, 2, 2, 2, 2});  // the references give NaN
  EXPECT_TRUE(std::isfinite(value_of(set, "dists@intra")));
  set.labels = labels_of({0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_EQ(value_of(set, "dists@intra"), 0.0);
  EXPECT_EQ(value_of(set, "e_recall@1"), 0.0);
  EXPECT_EQ(value_of(set, "mAP_1000", {.relevant_map_normalizer = true}), 0.0);
}

TEST(EvaluationTest, KmeansIsFaisssOwn) {
  const auto clustering = faiss_kmeans(check_set().rows, {.clusters = 3});
  ASSERT_TRUE(clustering);
  EXPECT_EQ(clustering->assignment, (std::vector<std::int64_t>{0, 0, 2, 2, 2, 1, 1, 1}));
  const auto every_row = faiss_kmeans(check_set().rows, {.clusters = 8});
  EXPECT_EQ(every_row->assignment, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(faiss_kmeans(check_set().rows, {.clusters = 9}).error().code(), StatusCode::kInvalidArgument);
}

TEST(EvaluationTest, NmiTakesTheArithmeticMeanOfTheEntropies) {
  const std::vector<std::int64_t> a = {0, 0, 0, 1}, b = {0, 1, 2, 3}, one = {5, 5, 5, 5}, half = {0, 1, 0, 1};
  EXPECT_NEAR(normalized_mutual_information(a, b), 0.57715963, 1e-8);
  EXPECT_EQ(normalized_mutual_information(one, one), 1.0);
  EXPECT_EQ(normalized_mutual_information(one, b), 0.0);
  EXPECT_NEAR(normalized_mutual_information(half, half), 1.0, 1e-12);
}

TEST(EvaluationTest, SmallestAndOneClassSetsHaveValues) {
  const Set two{at::tensor(std::vector<float>{0, 1, 1, 0}).view({2, 2}), labels_of({3, 3})};
  EXPECT_EQ(value_of(two, "e_recall@1"), 1.0);
  EXPECT_EQ(value_of(two, "mAP_1000"), 0.5);  // the divisor counts the query
  EXPECT_EQ(value_of(two, "mAP_1000", {.relevant_map_normalizer = true}), 1.0);
  EXPECT_EQ(value_of(two, "nmi"), 1.0);
  EXPECT_NEAR(value_of(two, "dists@intra"), 1.0, 1e-12);
  EXPECT_EQ(value_of(two, "dists@inter"), 0.0);
}

TEST(EvaluationTest, IdenticalRowsCountTheQueryUnlessItIsLeftOutByIndex) {
  // Row 1 equals row 0: each finds the other, or itself, first; the one left is a hit only if it is the query.
  const Set set{at::tensor(std::vector<float>{1, 0, 1, 0, 0, 1}).view({3, 2}), labels_of({0, 1, 2})};
  EXPECT_NEAR(value_of(set, "e_recall@1"), 1.0 / 3, 1e-12);  // ties by index: row 0 drops itself, row 1 drops row 0
  EXPECT_EQ(value_of(set, "e_recall@1", {.exclude_self_by_index = true}), 0.0);
  Set collapsed{at::ones({40, 4}), at::arange(40).div(2, "floor")};
  for (const auto& metric : kEveryMetric) EXPECT_TRUE(std::isfinite(value_of(collapsed, metric))) << metric;
}

TEST(EvaluationTest, BadInputIsAnErrorThatSaysWhatIsWrong) {
  const Set good = check_set();
  const auto code = [](const torch::Tensor& rows, const torch::Tensor& labels, EvaluationOptions options) {
    const auto results = evaluate(rows, labels, options);
    return results ? StatusCode::kOk : results.error().code();
  };
  constexpr auto kInvalid = StatusCode::kInvalidArgument;
  for (const char* name : {"recall", "e_recall", "e_recall@0", "e_recall@x", "dists", "dists@outer", "nmi@3", "f1@1",
                           "rho_spectrum", "rho_spectrum@x", ""}) {
    EXPECT_EQ(code(good.rows, good.labels, {.metrics = {name}}), kInvalid) << name;
  }
  const EvaluationOptions nmi{.metrics = {"nmi"}};
  EXPECT_EQ(code(good.rows.slice(0, 0, 1), good.labels.slice(0, 0, 1), nmi), kInvalid);
  EXPECT_EQ(code(good.rows, good.labels.slice(0, 0, 7), nmi), kInvalid);
  EXPECT_EQ(code(good.rows, good.labels - 1, nmi), kInvalid);
  EXPECT_EQ(code(good.rows, good.labels.to(at::kInt), nmi), kInvalid);
  EXPECT_EQ(code(good.rows.view({-1}), good.labels, nmi), kInvalid);
  EXPECT_EQ(code({}, good.labels, nmi), kInvalid);
  EXPECT_EQ(code(good.rows, good.labels, {.metrics = {"nmi"}, .clusters = 9}), kInvalid);
  EXPECT_EQ(code(good.rows, good.labels, {.metrics = {"nmi"}, .clusters = -1}), kInvalid);
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 1e200, 1.2e154, 1e30}) {
    auto rows = good.rows.to(at::kDouble);
    rows[3][1] = bad;
    // The references square in single precision.
    const EvaluationOptions options{.metrics = {"nmi"}, .compat_paper = bad == 1e30};
    const auto results = evaluate(rows, good.labels, options);
    ASSERT_FALSE(results) << bad;
    EXPECT_NE(results.error().message().find("row 3"), std::string::npos) << results.error().message();
  }
}

TEST(EvaluationTest, StopsBetweenTilesWhenToldTo) {
  const Set set = random_set(300, 8, 6, 1);
  for (const auto& metric : {"nmi", "c_f1", "e_recall@1", "c_mAP_c"}) {
    const auto results = evaluate(set.rows, set.labels, {.metrics = {metric}, .keep_going = [] { return false; }});
    ASSERT_FALSE(results);
    EXPECT_EQ(results.error().code(), StatusCode::kCancelled) << metric;
  }
}

TEST(EvaluationTest, RepetitionDoesNotChangeABitAndThreadsOnlyRounding) {
  const Set set = random_set(700, 24, 20, 2);
  const auto values = [&] {
    const auto results = evaluate(set.rows, set.labels, {.metrics = kEveryMetric});
    std::vector<double> values;
    for (const auto& result : results.value()) values.push_back(result.value);
    return values;
  };
  const auto first = values();
  EXPECT_EQ(values(), first);
  const int threads = at::get_num_threads();
  at::set_num_threads(threads == 1 ? 2 : 1);
  const auto other = values();
  at::set_num_threads(threads);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_NEAR(other[i], first[i], 1e-6) << kEveryMetric[i];
}

TEST(EvaluationTest, KnowsTheMetricsOfTheCatalogue) {
  std::vector<std::string> names;
  for (const auto& component : catalogue::components(catalogue::Kind::kMetric)) names.push_back(component.name);
  EXPECT_EQ(metric_names(), names);
}

}  // namespace
}  // namespace oodml::metrics
