#include <gtest/gtest.h>

#include <algorithm>

#include "core/splits/split_file.h"
#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using Names = std::vector<std::string>;

/// Eight classes near a line, two rows each: a to d near 0, but b near 9; e to h near 10, but g near 1.
std::string feature_lines() {
  const std::vector<double> centres = {0, 9, 0.5, -1, 10, 11, 1, 10.5};
  std::string text;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    for (const double by : {-0.25, 0.25}) {
      text += std::to_string(centres[i] + by) + "," + std::to_string(0.1 * static_cast<double>(i * i % 5)) + "," +
              std::string(1, static_cast<char>('a' + i)) + "\n";
    }
  }
  return text;
}

class CreateSplitsTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name) { return (folder_ / name).string(); }
  std::string written(const std::string& name, const std::string& text) {
    write_text(folder_ / name, text);
    return file(name);
  }
  static Output create(Names words) {
    words.insert(words.begin(), {program("oodml-core"), "splits", "create"});
    return run(words);
  }
  splits::SplitFile read(const std::string& name) {
    auto read = splits::read_split_file(folder_ / name);
    EXPECT_TRUE(read) << read.error().message();
    return read ? *std::move(read) : splits::SplitFile();
  }

  TemporaryFolder folder_;
};

TEST_F(CreateSplitsTest, FeaturesOfAFileBecomeSplitsATableAndALineForEveryEntry) {
  const std::string features = written("features.csv", feature_lines());
  const Output output = create({"--features", features, "--keys=0,1", "--iterations", "2", "--removal-iterations", "2",
                                "-o", file("splits.json"), "--csv", file("progression.csv")});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(output.err.find('\r'), std::string::npos) << "no terminal, no line that is redrawn";
  EXPECT_NE(output.out.find("moved each way"), std::string::npos) << output.out;
  EXPECT_NE(output.out.find("1 + 1"), std::string::npos) << output.out;

  const auto made = read("splits.json");
  EXPECT_EQ(made.benchmark, "features");
  ASSERT_EQ(made.splits.size(), 2U);
  EXPECT_EQ(made.splits[0].train, (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(made.splits[1].train, (Names{"a", "c", "d", "g"}));  // b and g have found home
  EXPECT_EQ(made.splits[1].test, (Names{"b", "e", "f", "h"}));
  EXPECT_LT(*made.splits[0].fid, *made.splits[1].fid);
  EXPECT_EQ(made.splits[0].split_train.size(), 3U);
  EXPECT_TRUE(made.splits[0].test_episodes.empty());

  const std::string csv = read_text(folder_ / "progression.csv");
  EXPECT_NE(csv.find("\nforward,1,1,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",4,4,1,1,0,2\n"), std::string::npos) << csv;
}

TEST_F(CreateSplitsTest, FeaturesInDoubleAreMeasuredInDouble) {
  std::string lines;
  for (const char* row : {"0,0,a", "1,0.123456789012345,b", "3,0,c", "4.000000000123,0,d"})
    lines += std::string(row) + "\n";
  const Output output = create({"--features", written("features.csv", lines), "--keys", "0", "--iterations", "1",
                                "--removal-iterations", "0", "--history", "0", "-o", file("splits.json")});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  // In the plane, by hand: means (0.5, y / 2) and (3.5000000000615, 0), covariances of rank one; all in double.
  const double y = 0.123456789012345, step = 1.000000000123;
  const double gap = (3.5000000000615 - 0.5) * (3.5000000000615 - 0.5) + y * y / 4;
  const double trace = (1 + y * y) / 2 + step * step / 2;
  const double root = step / 2;  // |<u, v>| of the centred rows (1, y) / sqrt 2 and (step, 0) / sqrt 2
  EXPECT_NEAR(*read("splits.json").splits[0].fid, gap + trace - 2 * root, 1e-12);
}

TEST_F(CreateSplitsTest, ParityChangesTheOrderOfTheLists) {
  const std::string features = written("features.csv", feature_lines());
  const Output output = create(
      {"--features", features, "--keys", "1", "--iterations", "2", "--parity", "S2,S3", "-o", file("splits.json")});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(read("splits.json").splits[0].train, (Names{"a", "g", "c", "d"}));
}

TEST_F(CreateSplitsTest, TrainingClassesMayBeNamed) {
  const std::string features = written("features.csv", feature_lines());
  const std::string classes = written("train.txt", "a\nc\nh\n");
  Names words = {"--features", features, "--train-classes", classes, "--count", "1", "-o", file("splits.json")};
  const Output output = create(words);
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(read("splits.json").splits[0].train, (Names{"a", "c", "h"}));
  EXPECT_NE(create(words).err.find("splits.json exists; name another file, or write over it with --force"),
            std::string::npos);
  words.push_back("--force");
  EXPECT_EQ(create(words).exit_code, 0);
  write_text(classes, "a\nz\n");
  EXPECT_NE(create(words).err.find("1 of 2 training classes have no features: z"), std::string::npos);
}

TEST_F(CreateSplitsTest, ABackboneGivesTheSameSplitsAsItsStoredMeansAndTrialsTakeThem) {
  TinyTrial tiny;
  const std::string root = tiny.places().benchmarks_root.string();
  const auto words = [&](const std::string& name, Names more) {
    Names all = {"--benchmark",  "tiny", "--benchmarks-root",    root, "--layout", "image_folder", "--count", "2",
                 "--iterations", "4",    "--removal-iterations", "0",  "--shots",  "2,8",          "-o",      name};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const std::string in_benchmark = (tiny.benchmark() / "splits.json").string();
  const Output embedded = create(words(in_benchmark, {"--arch", "small_conv", "--resize", "18", "--crop-size", "16",
                                                      "--save-features", file("means.safetensors")}));
  ASSERT_EQ(embedded.exit_code, 0) << embedded.err;
  EXPECT_NE(embedded.err.find("no episodes of 8 shots: a test class has 8 images, wants 10"), std::string::npos);
  const Output loaded = create(words(file("again.json"), {"--features", file("means.safetensors")}));
  ASSERT_EQ(loaded.exit_code, 0) << loaded.err;
  EXPECT_EQ(read_text(in_benchmark), read_text(folder_ / "again.json"));
  const auto made = read("again.json");
  const auto& episode = made.splits[0].test_episodes.at(2).at(9);
  EXPECT_EQ(episode.size(), 3U);
  EXPECT_TRUE(episode.begin()->second[0].ends_with(".png")) << episode.begin()->second[0];

  tiny.set("split", "'2'");
  tiny.set("epochs", "1");
  const Output trained = tiny.finish("on_split_2");
  EXPECT_EQ(trained.exit_code, 0) << trained.err << trained.out;
}

TEST_F(CreateSplitsTest, SuperclassModeExchangesWholeCategories) {
  const std::filesystem::path root = folder_ / "benchmarks/online_products";
  const std::vector<std::pair<std::string, double>> items = {
      {"bicycle", 0}, {"bicycle", 2}, {"fan", 9}, {"fan", 11}, {"lamp", 1}, {"lamp", 1}, {"sofa", 10}, {"sofa", 12}};
  std::string train = "image_id class_id super_class_id path\n", test = train, features;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string id = std::to_string(i + 1), item = std::to_string(100 + i);
    const std::string path = items[i].first + "_final/" + item + "_0.JPG";
    std::filesystem::create_directories((root / "images" / path).parent_path());
    write_text(root / "images" / path, "");
    (i % 2 == 0 ? train : test) += id + " " + id + " " + std::to_string(i / 2 + 1) + " " + path + "\n";
    const double across = 0.1 * static_cast<double>(i % 3);
    features += std::to_string(items[i].second) + "," + std::to_string(across) + "," + item + "\n";
  }
  std::filesystem::create_directories(root / "Info_Files");
  write_text(root / "Info_Files/Ebay_train.txt", train);
  write_text(root / "Info_Files/Ebay_test.txt", test);
  const Output output = create({"--benchmark",
                                "online_products",
                                "--benchmarks-root",
                                file("benchmarks"),
                                "--features",
                                written("features.csv", features),
                                "--super",
                                "--keys",
                                "0,1",
                                "--iterations",
                                "2",
                                "--removal-iterations",
                                "0",
                                "--inverse-iterations",
                                "0",
                                "--swaps",
                                "1",
                                "--episodes",
                                "0",
                                "-o",
                                file("super.json")});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto made = read("super.json");
  EXPECT_EQ(made.splits[0].train, (Names{"100", "101", "102", "103"})) << "bicycles and fans";
  EXPECT_EQ(made.splits[1].train, (Names{"100", "101", "104", "105"})) << "bicycles and lamps";
  EXPECT_EQ(made.splits[1].test, (Names{"102", "103", "106", "107"}));
}

TEST_F(CreateSplitsTest, TheCheapAndTheExactFormAgreeAndShowReadsWhatWasMade) {
  const std::string features = written("features.csv", feature_lines());
  for (const char* form : {"cheap", "exact"}) {
    const Output output = create({"--features", features, "--keys=0,1", "--iterations", "2", "--fid", form, "-o",
                                  file(std::string(form) + ".json")});
    ASSERT_EQ(output.exit_code, 0) << output.err;
  }
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_NEAR(*read("cheap.json").splits[i].fid, *read("exact.json").splits[i].fid, 1e-3);
  }
  const Output shown = run({program("oodml-core"), "splits", "show", file("cheap.json")});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_NE(shown.out.find("features"), std::string::npos) << shown.out;
}

TEST_F(CreateSplitsTest, DamagedFeaturesAreRefused) {
  const auto refusal = [&](const std::string& text) {
    const Output output = create({"--features", written("f.csv", text), "-o", file("x.json")});
    EXPECT_EQ(output.exit_code, 2) << text;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
    return output.err;
  };
  EXPECT_NE(refusal("1,nan,a\n2,3,b\n4,5,c\n6,7,d\n").find("f.csv"), std::string::npos);
  EXPECT_NE(refusal("1,2,a\n2,3,b\n").find("at least two"), std::string::npos) << "one class a side";
  EXPECT_NE(refusal("").find("f.csv"), std::string::npos);
  EXPECT_NE(create({"--features", file("none.npz")}).err.find("none.npz"), std::string::npos);
}

TEST_F(CreateSplitsTest, WrongInputIsNamed) {
  const std::string features = written("features.csv", feature_lines());
  EXPECT_NE(create({}).err.find("needs --benchmark, or a file of features"), std::string::npos);
  EXPECT_NE(create({"--benchmark", "tiny"}).err.find("is not in the catalogue; say how its folder is read"),
            std::string::npos);
  const Output key = create({"--features", features, "--keys", "R9", "-o", file("x.json"), "--iterations", "3"});
  EXPECT_EQ(key.exit_code, 2);
  EXPECT_NE(key.err.find("no entry 'R9' was recorded; there are 0 to 2, R0 to R"), std::string::npos) << key.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
  EXPECT_EQ(create({"--features", features, "--keys", "0", "--count", "3"}).exit_code, 2);
  EXPECT_NE(create({"--features", features, "--super"}).err.find("--super needs --benchmark"), std::string::npos);
  EXPECT_NE(create({"--features", features, "--save-features", "x.npz"}).err.find("must end in .safetensors"),
            std::string::npos);
  TinyTrial tiny;
  const Output unknown = create({"--benchmark", "tiny", "--benchmarks-root", tiny.places().benchmarks_root.string(),
                                 "--layout", "image_folder", "--features", features});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("8 of 8 labels are no classes of tiny, neither by name nor by number: a, b"),
            std::string::npos)
      << unknown.err;
}

}  // namespace
}  // namespace oodml::testing
