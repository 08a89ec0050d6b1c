#include <gtest/gtest.h>

#include "tests/core/images/sample_images.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// The sets of a trial, as its figures tell them.
class TrialSetsTest : public ::testing::Test {
 protected:
  TrialSetsTest() {
    trial_.set("epochs", "0");
    trial_.set("evaluate", "{sets: [test, train], metrics: [nmi]}");
  }

  TinyTrial trial_;
};

TEST_F(TrialSetsTest, ValidationBySamplesIsASetOfItsOwn) {
  trial_.set("validation", "samples");
  trial_.set("validation_fraction", "0.25");
  trial_.set("evaluate", "{sets: [val, train, test], metrics: [nmi]}");
  const Output output = trial_.finish("samples");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(figures(last_attempt(trial_.events_log("samples"))).size(), 3U);
}

TEST_F(TrialSetsTest, PooledFeaturesAreMeasuredBesideTheEmbeddings) {
  trial_.set("evaluate", "{sets: [test], embeddings: [embeds, avg_features], metrics: [rho_spectrum@1, e_recall@1]}");
  const Output output = trial_.finish("features");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto metrics = all_of<job::Metric>(last_attempt(trial_.events_log("features")));
  ASSERT_EQ(metrics.size(), 4U);
  EXPECT_EQ(metrics[0].embeds, "embeds");
  EXPECT_EQ(metrics[2].embeds, "avg_features");
  EXPECT_EQ(metrics[2].name, "rho_spectrum@1");
  EXPECT_NE(metrics[0].value, metrics[2].value);
}

TEST_F(TrialSetsTest, AnotherBenchmarksDefaultTestSetIsTestedOnWithItsOwnClusters) {
  const std::filesystem::path other = trial_.benchmark().parent_path() / "other";
  for (const char* name : {"p/1", "p/2", "q/1", "q/2", "r/1", "r/2", "s/1", "s/2"}) {
    std::filesystem::create_directories((other / name).parent_path());
    write_text(other / (std::string(name) + ".png"),
               images::png_bytes(images::patterned_image(20, 20, name[0] * 3 + name[2])));
  }
  trial_.set("evaluate", "{sets: [test, train], metrics: [e_recall@1, nmi], clusters: train_classes}");
  ASSERT_EQ(trial_.finish("own").exit_code, 0);
  trial_.set("test_benchmark", "other");
  const Output refused = trial_.finish("refused");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("needs `test_layout` set"), std::string::npos) << refused.err;
  trial_.set("test_layout", "image_folder");
  const Output output = trial_.finish("other");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto own = figures(last_attempt(trial_.events_log("own")));
  const auto foreign = figures(last_attempt(trial_.events_log("other")));
  ASSERT_EQ(own.size(), 4U);
  ASSERT_EQ(foreign.size(), 4U);
  EXPECT_NE(own[0], foreign[0]);  // test
  EXPECT_EQ(own[2], foreign[2]);  // train
  EXPECT_EQ(own[3], foreign[3]);
  // Now its test set is q with two images: as many clusters as the three training classes could not be made of them.
  std::filesystem::remove_all(other / "s");
  std::filesystem::remove_all(other / "r");
  const Output few = trial_.finish("few");
  EXPECT_EQ(few.exit_code, 0) << few.err;
}

TEST_F(TrialSetsTest, TheSetsAndTheirKeysMustGoTogether) {
  trial_.set("evaluate", "{sets: [super], metrics: [nmi]}");
  const Output super = trial_.finish("super");
  EXPECT_EQ(super.exit_code, 2);
  EXPECT_NE(super.err.find("needs superclasses, which layout online_products has"), std::string::npos) << super.err;
  trial_.set("evaluate", "{sets: [val], metrics: [nmi]}");
  const Output val = trial_.finish("val");
  EXPECT_NE(val.err.find("the set val needs `validation`: split, classes or samples"), std::string::npos) << val.err;
  trial_.set("evaluate", "{sets: [test], metrics: [nmi]}");
  trial_.set("test_layout", "idx");
  EXPECT_NE(trial_.finish("layout").err.find("test_layout is read with test_benchmark only"), std::string::npos);
}

TEST_F(TrialSetsTest, SuperclassesAreEvaluatedWhereTheBenchmarkHasThem) {
  const std::filesystem::path sop = trial_.benchmark().parent_path() / "products";
  std::string train = "image_id class_id super_class_id path\n", test = train;
  int image = 0;
  for (int k = 1; k <= 6; ++k) {
    const std::string folder = k % 2 == 0 ? "fan_final" : "mug_final";
    std::filesystem::create_directories(sop / "images" / folder);
    for (int n = 0; n < 3; ++n) {
      const std::string path = folder + "/" + std::to_string(100 + k) + "_" + std::to_string(n) + ".png";
      write_text(sop / "images" / path, images::png_bytes(images::patterned_image(20, 20, ++image)));
      (k <= 4 ? train : test) +=
          std::to_string(image) + " " + std::to_string(k) + (k % 2 == 0 ? " 1 " : " 2 ") + path + "\n";
    }
  }
  write_text(sop / "Ebay_train.txt", train);
  write_text(sop / "Ebay_test.txt", test);
  trial_.set("benchmark", "products");
  trial_.set("layout", "online_products");
  trial_.set("evaluate", "{sets: [test, super], metrics: [e_recall@1]}");
  const Output output = trial_.finish("sop");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto lines = figures(last_attempt(trial_.events_log("sop")));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[1].starts_with("0 super e_recall@1 ")) << lines[1];
}

}  // namespace
}  // namespace oodml::testing
