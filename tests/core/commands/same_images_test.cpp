#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "core/commands/datasets_command.h"
#include "core/commands/embed_images/command.h"
#include "core/commands/embed_images/images_to_embed.h"
#include "core/sweep/sweep.h"
#include "core/trial/trial_data.h"
#include "tests/core/data/idx_bytes.h"
#include "tests/core/images/sample_images.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

/// A trial's keys, and the options of a command that mean the same.
struct Case {
  std::string benchmark, layout;
  std::string keys;
  std::string words;
  std::vector<std::string> sets = {"train", "test"};
};

/// label<TAB>path of each image, as `datasets list` prints it.
std::string lines_of(const data::Dataset& dataset) {
  std::string text;
  for (const data::Dataset::Sample& sample : dataset.samples) {
    text += std::to_string(sample.label) + "\t" + dataset.source->name(sample.image) + "\n";
  }
  return text;
}

/// Benchmarks in every layout, with split files; in each one image is damaged.
class SameImagesTest : public ::testing::Test {
 protected:
  SameImagesTest() {
    setenv("OODML_CACHE", (root_ / "cache").c_str(), 1);
    for (const char* name : {"001.Gull", "002.Crow", "010.Tern", "004.Loon", "005.Auk", "006.Kite"}) {
      add_class("cub200/images", name);
    }
    for (const char* name : {"smart fortwo", "Audi S4", "BMW M3", "audi tt"}) add_class("cars196/images", name);
    for (const char* name : {"d", "b", "a", "c", "e"}) add_class("pets", name);
    root_.write("pets/splits.json", R"({"version": 1, "benchmark": "pets", "splits": {"7": {
        "train": ["e", "b", "a"], "test": ["d", "c"], "fid": 1.5, "split_train": ["e", "a"], "split_val": ["b"]}}})");
    root_.write("pets/other.json", R"({"version": 1, "benchmark": "pets", "splits": {"7": {
        "train": ["c", "d"], "test": ["a", "e"], "fid": null}}})");
    add_products();
    add_digits();
  }

  void add_image(const std::string& path) {
    root_.write(path, ++images_ % 7 == 0 ? "damaged" : images::png_bytes(images::patterned_image(4, 4, images_)));
  }
  void add_class(const std::string& benchmark, const std::string& name) {
    for (int n = 0; n < 6; ++n) add_image(benchmark + "/" + name + "/" + std::to_string(n) + ".png");
  }
  void add_products() {
    std::string train = "image_id class_id super_class_id path\n", test = train;
    int number = 0;
    for (int id = 1; id <= 8; ++id) {
      const std::string folder = id % 2 == 0 ? "fan_final" : "mug_final";
      for (int n = 0; n < 5; ++n) {
        const std::string path = folder + "/" + std::to_string(200 - id) + "_" + std::to_string(n) + ".png";
        add_image("online_products/images/" + path);
        (id <= 6 ? train : test) +=
            std::to_string(++number) + " " + std::to_string(id) + (id % 2 == 0 ? " 1 " : " 2 ") + path + "\n";
      }
    }
    root_.write("online_products/Ebay_train.txt", train);
    root_.write("online_products/Ebay_test.txt", test);
  }
  void add_digits() {
    for (const std::string part : {"train", "t10k"}) {
      std::string labels;
      for (char n = 0; n < 20; ++n) labels += static_cast<char>(n % 4);
      root_.write("mnist/" + part + "-images-idx3-ubyte", data::idx_bytes({20, 2, 2}, std::string(80, 'x')));
      root_.write("mnist/" + part + "-labels-idx1-ubyte", data::idx_bytes({20}, labels));
    }
  }

  Result<trial::TrialSettings> settings_of(const Case& one) const {
    std::string sets;
    for (const std::string& set : one.sets) sets += (sets.empty() ? "" : ", ") + set;
    OODML_ASSIGN_OR_RETURN(
        const job::TrialSpec spec,
        sweep::parse_trial_file("benchmark: " + one.benchmark + "\nlayout: " + one.layout +
                                    "\narch: small_conv\nembed_dim: 16\ncriterion: oproxy\n" +
                                    "batch_size: 4\nevaluate: {sets: [" + sets + "], metrics: [nmi]}\n" + one.keys,
                                "trial.yaml"));
    return trial::settings_of(spec, /*threads=*/1);
  }
  /// What the command prints.
  std::string listed(const Case& one, const std::string& set) const {
    CLI::App app;
    commands::DatasetsOptions options;
    commands::add_datasets(app, options);
    app.parse("datasets list --benchmark " + one.benchmark + " --layout " + one.layout + " --root " +
              root_.path().string() + " --set " + set + one.words);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int exit_code = commands::run_datasets(options);
    const std::string told = ::testing::internal::GetCapturedStderr();
    const std::string text = ::testing::internal::GetCapturedStdout();
    EXPECT_EQ(exit_code, 0) << told;
    return text;
  }
  /// What `embed` would read with these words behind --checkpoint.
  std::string embedded(const std::string& words, const trial::TrialSettings& settings) const {
    CLI::App app;
    commands::EmbedImagesOptions options;
    commands::add_embed(app, options);
    app.parse("embed --checkpoint run -o rows.npz --root " + root_.path().string() + words);
    const auto request = commands::images_to_embed(options, /*of_trial=*/true, settings);
    if (!request) return request.error().message();
    const auto opened = data::open_sets(*request, {commands::set_to_embed(options)}, [](const std::string&) {});
    return opened ? lines_of(*opened->sets.front()) : opened.error().message();
  }
  void expect_the_same(const Case& one) const {
    SCOPED_TRACE(one.benchmark + one.words);
    const auto settings = settings_of(one);
    ASSERT_TRUE(settings) << settings.error().message();
    const auto opened = trial::open_data(*settings, root_.path(), [](const std::string&) {});
    ASSERT_TRUE(opened) << opened.error().message();
    EXPECT_EQ(listed(one, "train"), lines_of(*opened->train));
    for (const auto& [set, dataset] : opened->sets) {
      SCOPED_TRACE(set);
      const std::string lines = lines_of(*dataset);
      EXPECT_FALSE(lines.empty());
      EXPECT_EQ(listed(one, set), lines);
      EXPECT_EQ(embedded(" --set " + set, *settings), lines);
      EXPECT_EQ(embedded(" --benchmark " + one.benchmark + " --layout " + one.layout + " --set " + set + one.words,
                         *settings),
                lines);
    }
  }

  TemporaryFolder root_;
  int images_ = 0;
};

TEST_F(SameImagesTest, ATrialReadsWhatIsListedAndEmbedded) {
  const std::string other = " --split " + (root_ / "pets/other.json").string();
  const std::vector<Case> cases = {
      {"cub200", "cub200", "", ""},
      {"cub200", "default", "images_per_class: 2\n", " --images-per-class 2"},
      {"cub200",
       "cub200",
       "validation: classes\nvalidation_fraction: 0.4\n",
       " --validation classes --validation-fraction 0.4",
       {"train", "test", "val"}},
      {"cub200",
       "cub200",
       "validation: samples\nimages_per_class: 5\n",
       " --validation samples --images-per-class 5",
       {"val", "test"}},
      {"cub200",
       "cub200",
       "validation: samples\nskip_unreadable_images: true\n",
       " --validation samples --skip-unreadable",
       {"train", "val", "test"}},
      {"cars196",
       "cars196",
       "validation: samples\nseed: 3\n",
       " --validation samples --seed 3",
       {"train", "val", "test"}},
      {"pets", "image_folder", "split: 7\n", " --id 7"},
      {"pets", "image_folder", "split: 7\nvalidation: split\n", " --id 7 --validation split", {"train", "val", "test"}},
      {"pets",
       "image_folder",
       "split: 7\nvalidation: classes\nskip_unreadable_images: true\n",
       " --id 7 --validation classes --skip-unreadable",
       {"train", "val", "test"}},
      {"pets", "image_folder", "split: 7\nsplit_file: other.json\n", " --id 7" + other},
      {"online_products", "default", "", "", {"train", "test", "super"}},
      {"online_products",
       "online_products",
       "validation: classes\nvalidation_fraction: 0.3\n",
       " --validation classes --validation-fraction 0.3",
       {"train", "val", "test", "super"}},
      {"online_products",
       "online_products",
       "validation: samples\nvalidation_fraction: 0.3\n",
       " --validation samples --validation-fraction 0.3",
       {"val", "test", "super"}},
      {"mnist", "idx", "images_per_class: 3\n", " --images-per-class 3"},
  };
  for (const Case& one : cases) expect_the_same(one);
}

TEST_F(SameImagesTest, ATestSetOfAnotherBenchmarkIsThatBenchmarksOwn) {
  const std::string keys =
      "split: 7\nvalidation: split\nimages_per_class: 4\nskip_unreadable_images: true\n"
      "test_benchmark: cub200\ntest_layout: default\n";
  const auto settings = settings_of({"pets", "image_folder", keys, "", {"val", "test"}});
  ASSERT_TRUE(settings) << settings.error().message();
  const auto opened = trial::open_data(*settings, root_.path(), [](const std::string&) {});
  ASSERT_TRUE(opened) << opened.error().message();
  const std::string test = lines_of(*opened->sets.at(1).second);
  EXPECT_EQ(test, listed({"cub200", "default", "", " --images-per-class 4 --skip-unreadable", {}}, "test"));
  EXPECT_EQ(test, embedded(" --set test", *settings));
  EXPECT_EQ(lines_of(*opened->sets.at(0).second), embedded(" --set val", *settings));
}

TEST_F(SameImagesTest, WordsOfTheCommandLineGoBeforeThoseOfTheTrial) {
  const Case trial = {"pets", "image_folder", "split: 7\nvalidation: samples\nimages_per_class: 2\n", "", {"val"}};
  const auto settings = settings_of(trial);
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(embedded(" --set train --validation none --images-per-class 3", *settings),
            listed({"pets", "image_folder", "", " --id 7 --images-per-class 3", {}}, "train"));
  EXPECT_EQ(embedded(" --set test --id default --images-per-class 0", *settings),
            listed({"pets", "image_folder", "", "", {}}, "test"));
  EXPECT_EQ(embedded(" --set val --validation-fraction 0.5 --images-per-class 6", *settings),
            listed({"pets", "image_folder", "", " --id 7 --validation samples --validation-fraction 0.5", {}}, "val"));
}

}  // namespace
}  // namespace oodml::testing
