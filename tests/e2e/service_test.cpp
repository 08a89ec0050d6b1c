#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

const std::vector<std::string> kTable = {"results", "tiny", "-o", "csv", "--strict"};

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(benchmarks()); }
  std::filesystem::path benchmarks() const { return folder_ / "benchmarks"; }
  std::filesystem::path made(const std::string& name) const {
    std::filesystem::create_directories(folder_ / name);
    return folder_ / name;
  }

  TemporaryFolder folder_;
};

/// Runs the sweep undisturbed, with one worker.
std::string undisturbed_table(const std::filesystem::path& folder, const std::filesystem::path& benchmarks) {
  CoordinatorProgram coordinator(folder);
  const Process worker = start_worker(coordinator, folder, benchmarks, "calm");
  EXPECT_EQ(oodml(coordinator, {"submit", source("tests/e2e/tiny.yaml")}).exit_code, 0);
  const Output watched = oodml(coordinator, {"watch", "tiny", "--wait"});
  EXPECT_EQ(watched.exit_code, 0) << watched.out << watched.err;
  return oodml(coordinator, kTable).out;
}

TEST_F(ServiceTest, KillsOfTrialWorkerAndCoordinatorLeaveEveryResultAsInACalmRun) {
  const std::string calm = undisturbed_table(made("calm"), benchmarks());
  ASSERT_NE(calm.find("multisimilarity"), std::string::npos) << calm;

  const auto folder = made("stormy");
  CoordinatorProgram coordinator(folder);
  Process first = start_worker(coordinator, folder, benchmarks(), "first");
  Process second = start_worker(coordinator, folder, benchmarks(), "second");
  ASSERT_EQ(oodml(coordinator, {"submit", source("tests/e2e/tiny.yaml")}).exit_code, 0);
  const auto trials_of = [&](const std::string& worker) { return processes_with((folder / worker / "runs").string()); };

  // A trial dies, then a worker with its trial, then the coordinator.
  ASSERT_TRUE(wait_until([&] { return !trials_of("first").empty(); }));
  for (const pid_t trial : trials_of("first")) ::kill(trial, SIGKILL);
  ASSERT_TRUE(wait_until([&] { return !trials_of("second").empty(); }));
  second.signal(SIGKILL);
  second.wait();
  EXPECT_TRUE(wait_until([&] { return trials_of("second").empty(); }, std::chrono::seconds(10)))
      << "a trial outlived its worker";
  second = start_worker(coordinator, folder, benchmarks(), "second");
  coordinator.kill();
  coordinator.start();

  const Output retried = oodml(coordinator, {"watch", "tiny", "--wait"});
  EXPECT_EQ(retried.exit_code, 0) << retried.out << retried.err;
  EXPECT_EQ(oodml(coordinator, kTable).out, calm);
  first.signal(SIGTERM);
  second.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0) << "a drained worker ends cleanly";
  EXPECT_EQ(second.wait(), 0);
  coordinator.stop();
}

}  // namespace
}  // namespace oodml::testing
