#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class DataTest : public CliTest {
 protected:
  DataTest() {
    environment_.clear();
    add("benchmarks/birds/images/a/1.png", "image");
    add("benchmarks/birds/splits.json",
        R"({"version": 1, "benchmark": "birds", "splits": {"near": {"train": ["a"], "test": ["b"]}, "far": {"train": ["b"], "test": ["a"]}}})");
  }
  void add(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write(name, text);
  }
  /// With that benchmark and those splits.
  std::string sweep(const std::string& benchmark, const std::string& splits) {
    return write("sweep.yaml",
                 "version: 1\nname: birds\ntrial: {layout: image_folder, arch: small_conv_normalize, criterion: "
                 "multisimilarity}\nmatrix: {benchmark: [" +
                     benchmark + "], split: " + splits + "}\n");
  }
  const std::string root_ = (folder_ / "benchmarks").string();
};

TEST_F(DataTest, APlanSaysWhatIsMissingWhereAFolderWasNamed) {
  EXPECT_EQ(run({"plan", sweep("birds", "[near, default]"), "--benchmarks-root", root_}).code, 0);
  EXPECT_EQ(run({"plan", sweep("brids", "[default]")}).code, 0) << "no folder is known";

  const Outcome benchmark = run({"plan", sweep("brids", "[default, 3]"), "--benchmarks-root", root_});
  EXPECT_EQ(benchmark.code, 5);
  EXPECT_TRUE(benchmark.out.starts_with("birds: 2 trials\n")) << benchmark.out;
  EXPECT_TRUE(benchmark.err.starts_with("2 trials of 2 cannot run on this machine:\n  benchmark brids: no folder " +
                                        root_ + "/brids; "))
      << benchmark.err;
  EXPECT_NE(benchmark.err.find("--benchmarks-root; did you mean 'birds'?"), std::string::npos) << benchmark.err;

  environment_["OODML_BENCHMARKS"] = root_;
  const Outcome split = run({"plan", sweep("birds", "[near, fra]")});
  EXPECT_EQ(split.code, 5);
  EXPECT_TRUE(split.err.starts_with("1 trial of 2 cannot run")) << split.err;
  EXPECT_NE(split.err.find("split fra of benchmark birds: not in " + root_ +
                           "/birds/splits.json; it has near, far; "
                           "did you mean 'far'? (1 trial)"),
            std::string::npos)
      << split.err;

  const Outcome nowhere = run({"plan", sweep("birds", "[near]"), "--benchmarks-root", "/nowhere/benchmarks"});
  EXPECT_EQ(nowhere.code, 5);
  EXPECT_NE(nowhere.err.find("no folder of benchmarks at /nowhere/benchmarks"), std::string::npos) << nowhere.err;
}

TEST_F(DataTest, APlanNamesWeightsAndTestBenchmarksThatAreMissing) {
  const std::string file =
      write("sweep.yaml",
            "version: 1\nname: birds\ntrial: {layout: image_folder, arch: resnet50_normalize, criterion: "
            "multisimilarity, test_benchmark: cars196}\nmatrix: {benchmark: [birds]}\n");
  const Outcome unnamed = run({"plan", file, "--benchmarks-root", root_});
  EXPECT_NE(unnamed.err.find("benchmark cars196: no folder " + root_ + "/cars196"), std::string::npos) << unnamed.err;
  EXPECT_NE(unnamed.err.find("weights resnet50-imagenet: no folder of weights was named"), std::string::npos)
      << unnamed.err;
  add("weights/resnet50-imagenet.pth", "weights");
  add("benchmarks/cars196/car_ims/1.jpg", "image");
  EXPECT_EQ(run({"plan", file, "--benchmarks-root", root_, "--weights-root", (folder_ / "weights").string()}).code, 0);
}

TEST_F(DataTest, LocalStartsNothingWhereDataIsMissingAndSaysSo) {
  const std::string state = (folder_ / "state").string();
  const Outcome outcome = run({"local", sweep("birds", "[near, 9]"), "--benchmarks-root", root_, "--state", state});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_NE(outcome.err.find("split 9 of benchmark birds"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(DataTest, LocalLooksAtItsTableBeforeItTrains) {
  const std::string file = sweep("birds", "[near]"), state = (folder_ / "state").string();
  const auto local = [&](const std::string& option, const std::string& value) {
    return run({"local", file, "--benchmarks-root", root_, "--state", state, option, value});
  };
  EXPECT_NE(local("--by", "splti").err.find("; did you mean 'split'?"), std::string::npos);
  EXPECT_NE(local("--metric", "e_recal@1").err.find("; did you mean 'e_recall@1'?"), std::string::npos);
  EXPECT_NE(local("--metric", "train:e_recall@16").err.find("no trial measures it"), std::string::npos);
  EXPECT_EQ(local("--metric", "mAP").code, 2);
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(DataTest, LocalAsksForWhateverFigureAProgramOfPeoplesOwnMayReport) {
  const std::string file = write("sweep.yaml",
                                 "version: 1\nname: birds\ntrial: {benchmark: birds, program: mine}\n"
                                 "matrix: {split: [near]}\n");
  const Outcome outcome = run({"local", file, "--benchmarks-root", root_, "--state", (folder_ / "state").string(),
                               "--program", "mine=/nowhere/train.py", "--metric", "top_of_mine"});
  EXPECT_EQ(outcome.err.find("--metric"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("no program "), std::string::npos) << "on to the services: " << outcome.err;
}

TEST_F(DataTest, SplitAllStandsForTheIdsOfTheSplitFileHereOrAlongWithASubmission) {
  const Outcome plan = run({"plan", sweep("birds", "all"), "--benchmarks-root", root_});
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_NE(plan.out.find("near: 1, far: 1"), std::string::npos) << plan.out;
  const Outcome unknown = run({"plan", sweep("birds", "all"), "--benchmarks-root", folder_.path().string()});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("no split file " + folder_.path().string() + "/birds/splits.json"), std::string::npos)
      << unknown.err;

  environment_["OODML_COORDINATOR"] = service_.address();
  EXPECT_EQ(run({"submit", sweep("birds", "all"), "--benchmarks-root", root_}).code, 0);
  ASSERT_EQ(service_.submits.at(0).sweep().split_ids_size(), 1);
  EXPECT_EQ(service_.submits.at(0).sweep().split_ids(0).benchmark(), "birds");
  EXPECT_EQ(service_.submits.at(0).sweep().split_ids(0).ids(1), "far");
  EXPECT_EQ(run({"submit", sweep("birds", "all")}).code, 0) << "workers may know";
  EXPECT_EQ(run({"submit", sweep("birds", "[3]"), "--benchmarks-root", root_}).code, 5);
}

}  // namespace
}  // namespace oodml::cli
