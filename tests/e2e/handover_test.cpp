// A trial of the real core that moves from machine to machine, which share no folder: its files are those of a calm
// run.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLast = "checkpoints/0030/";  // of the sweep's 30 epochs
const std::vector<std::string> kTable = {"results", "handover", "-o", "csv", "--strict"};

/// The folder of a worker's only trial that its attempt of this number ran in; empty where there is none.
fs::path run_of(const fs::path& state, int attempt) {
  std::error_code error;
  for (const auto& trial : fs::directory_iterator(state / "runs", error)) {
    const fs::path run = trial.path() / ("attempt-" + std::to_string(attempt));
    if (fs::exists(run, error)) return run;
  }
  return {};
}

/// The epoch of the newest checkpoint in a run's folder; 0 where there is none.
int newest_checkpoint(const fs::path& run) {
  int newest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints", error)) {
    newest = std::max(newest, std::atoi(entry.path().filename().c_str()));
  }
  return newest;
}

class HandoverTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(folder_ / "benchmarks"); }

  fs::path made(const std::string& name) const {
    fs::create_directories(folder_ / name);
    return folder_ / name;
  }
  Process worker(const CoordinatorProgram& coordinator, const fs::path& folder, const std::string& name,
                 const std::vector<std::string>& further = {}) const {
    return start_worker(coordinator, folder, folder_ / "benchmarks", name, further);
  }

  /// Stops a worker's trial in the epoch after this one of its attempt, and waits until a checkpoint of it has reached
  /// the coordinator.
  static void hold_after_upload(const fs::path& folder, const std::string& worker, int attempt, int epoch) {
    ASSERT_TRUE(wait_until([&] { return newest_checkpoint(run_of(folder / worker, attempt)) >= epoch; }))
        << read_text(folder / (worker + ".log"));
    signal_trial(folder, worker, SIGSTOP);
    ASSERT_TRUE(wait_until([&] {
      return read_text(folder / (worker + ".log")).find("what=checkpoint") != std::string::npos;
    })) << read_text(folder / (worker + ".log"));
  }
  static void signal_trial(const fs::path& folder, const std::string& worker, int number) {
    const auto trials = processes_with((folder / worker / "runs").string());
    ASSERT_FALSE(trials.empty()) << "the trial was over before it could be disturbed";
    for (const pid_t trial : trials) ::kill(trial, number);
  }
  static void expect_fetched(const fs::path& folder, const std::string& worker) {
    const std::string log = read_text(folder / (worker + ".log"));
    EXPECT_NE(log.find("goes on from an uploaded checkpoint"), std::string::npos) << log;
  }

  /// All that the coordinator has of the ended sweep: its table, and by their paths networks and figures of the trial.
  static std::map<std::string, std::string> outcome(const CoordinatorProgram& coordinator, const fs::path& folder) {
    const Output watched = oodml(coordinator, {"watch", "handover", "--wait"});
    EXPECT_EQ(watched.exit_code, 0) << watched.out << watched.err;
    const Output fetched = oodml(coordinator, {"fetch", "trial", "1", "--what", "all", "-o", folder / "fetched"});
    EXPECT_EQ(fetched.exit_code, 0) << fetched.out << fetched.err;
    std::map<std::string, std::string> files = {{"table", oodml(coordinator, kTable).out}};
    for (const auto& entry : fs::recursive_directory_iterator(folder / "fetched")) {
      const std::string name = entry.path().filename();
      const std::string path = entry.path().lexically_relative(folder / "fetched");
      if (path.starts_with("checkpoints/") && !path.starts_with(kLast)) continue;  // uploaded on the way
      if (name == "results.json") files[path] = figures_of(entry.path()).dump(1);
      if (name == "network.safetensors" || name == "best.json") files[path] = read_text(entry.path());
    }
    return files;
  }

  /// The trial's best network, fetched and evaluated here, has the figures of its best epoch.
  void expect_measured_as_trained(const CoordinatorProgram& coordinator, const nlohmann::json& figures) const {
    const Output measured =
        run({program("oodml"), "evaluate", "trial:1", "--root", folder_ / "benchmarks", "-o", "json"},
            {.environment = {{"OODML_COORDINATOR", coordinator.address()}, {"OODML_CACHE", folder_ / "cache"}}});
    ASSERT_EQ(measured.exit_code, 0) << measured.err;
    const auto metrics = nlohmann::json::parse(measured.out).at("metrics");
    EXPECT_EQ(metrics.size(), 3u) << "those of the trial";
    EXPECT_EQ(metrics.at("e_recall@1"), figures.at("best").at("test").at("e_recall@1").at("value"));
  }

  TemporaryFolder folder_;
};

TEST_F(HandoverTest, KilledAndDrainedOnTheWayATrialLeavesTheBitsOfACalmRun) {
  const fs::path calm_folder = made("calm"), folder = made("moved");
  std::map<std::string, std::string> calm;
  {
    CoordinatorProgram coordinator(calm_folder);
    const Process only = worker(coordinator, calm_folder, "only");
    ASSERT_EQ(oodml(coordinator, {"submit", source("tests/e2e/handover.yaml")}).exit_code, 0);
    calm = outcome(coordinator, calm_folder);
    expect_measured_as_trained(coordinator, figures_of(calm_folder / "fetched/results.json"));
  }
  ASSERT_GE(calm.size(), 4u) << "table, results.json, the last network and a best one";
  ASSERT_NE(calm.at("table").find("margin_distance"), std::string::npos);

  CoordinatorProgram coordinator(folder);
  Process first = worker(coordinator, folder, "first");
  ASSERT_EQ(oodml(coordinator, {"submit", source("tests/e2e/handover.yaml")}).exit_code, 0);
  hold_after_upload(folder, "first", 1, 1);
  first.signal(SIGKILL);
  first.wait();

  Process second = worker(coordinator, folder, "second");
  ASSERT_TRUE(
      wait_until([&] { return oodml(coordinator, {"show", "handover"}).out.find("lost") != std::string::npos; }));
  for (const char* word : {"pause", "resume"}) EXPECT_EQ(oodml(coordinator, {word, "handover"}).exit_code, 0);
  hold_after_upload(folder, "second", 2, 3);
  const Process third = worker(coordinator, folder, "third");
  EXPECT_EQ(oodml(coordinator, {"workers", "drain", "second"}).exit_code, 0);
  signal_trial(folder, "second", SIGCONT);

  const auto moved = outcome(coordinator, folder);
  expect_fetched(folder, "second");
  expect_fetched(folder, "third");
  ASSERT_EQ(moved.size(), calm.size());
  for (const auto& [path, content] : calm) {
    ASSERT_TRUE(moved.contains(path)) << path;
    EXPECT_TRUE(moved.at(path) == content) << path << " has other bits";
  }
}

/// The same with a criterion that PyTorch wrote, which its author's folder alone has, until it was submitted.
TEST_F(HandoverTest, CodeTravelsWithItsSweepToEveryWorkerThatRunsIt) {
  const std::string criterion = "margin_distance: {criterion: {name: margin, beta: 1.2}, miner: distance}";
  std::string sweep = read_text(source("tests/e2e/handover.yaml"));
  ASSERT_NE(sweep.find(criterion), std::string::npos);
  sweep.replace(sweep.find(criterion), criterion.size(), "pairs: {criterion: {name: script, file: losses/pairs.pt}}");
  const fs::path author = made("author");
  made("author/losses");
  const auto submit = [&](const CoordinatorProgram& coordinator) {
    write_text(author / "handover.yaml", sweep);
    fs::copy_file(source("tests/e2e/pairs.pt"), author / "losses/pairs.pt");
    const Output submitted = oodml(coordinator, {"submit", author / "handover.yaml"});
    fs::remove(author / "losses/pairs.pt");
    EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  };
  const std::vector<std::string> allowed = {"--allow-scripts"};
  const fs::path calm_folder = made("calm"), folder = made("moved");
  std::map<std::string, std::string> calm;
  {
    CoordinatorProgram coordinator(calm_folder);
    const Process only = worker(coordinator, calm_folder, "only", allowed);
    submit(coordinator);
    calm = outcome(coordinator, calm_folder);
  }
  ASSERT_GE(calm.size(), 4u);
  ASSERT_NE(calm.at("table").find("pairs"), std::string::npos);

  CoordinatorProgram coordinator(folder);
  const Process cautious = worker(coordinator, folder, "cautious");
  submit(coordinator);
  ASSERT_TRUE(wait_until([&] {
    return oodml(coordinator, {"show", "trial", "1"}).out.find("started without --allow-scripts") != std::string::npos;
  })) << oodml(coordinator, {"show", "trial", "1"}).out;
  Process first = worker(coordinator, folder, "first", allowed);
  hold_after_upload(folder, "first", 1, 1);
  first.signal(SIGKILL);
  first.wait();
  const Process second = worker(coordinator, folder, "second", allowed);
  const auto moved = outcome(coordinator, folder);
  expect_fetched(folder, "second");
  EXPECT_NE(read_text(folder / "second.log").find("fetched script file=losses/pairs.pt"), std::string::npos);
  ASSERT_EQ(moved.size(), calm.size());
  for (const auto& [path, content] : calm) {
    ASSERT_TRUE(moved.contains(path)) << path;
    EXPECT_TRUE(moved.at(path) == content) << path << " has other bits";
  }
}

}  // namespace
}  // namespace oodml::testing
