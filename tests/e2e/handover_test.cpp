#include <gtest/gtest.h>
#include <signal.h>

#include <functional>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTable = {"results", "handover", "-o", "csv", "--strict"};

/// The folder of the attempt that ran last on a worker.
fs::path last_run(const fs::path& state) {
  fs::path last;
  for (const auto& entry : fs::recursive_directory_iterator(state / "runs")) {
    const bool is_attempt = entry.path().filename().string().starts_with("attempt-");
    if (is_attempt && entry.path() > last) last = entry.path();
  }
  return last;
}

class HandoverTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(benchmarks()); }
  fs::path benchmarks() const { return folder_ / "benchmarks"; }
  fs::path made(const std::string& name) const {
    fs::create_directories(folder_ / name);
    return folder_ / name;
  }

  /// Runs the sweep to its end, with `leave` taking the first worker from it where there is one, and another going on;
  /// gives the folder of the run that ended it.
  fs::path run(const std::string& name, const std::function<void(Process&, const fs::path& log)>& leave,
               std::string& table) {
    const fs::path folder = made(name);
    CoordinatorProgram coordinator(folder);
    Process first = start_worker(coordinator, folder, benchmarks(), "first");
    EXPECT_EQ(oodml(coordinator, {"submit", source("tests/e2e/handover.yaml")}).exit_code, 0);
    std::optional<Process> second;
    if (leave) {
      leave(first, folder / "first.log");
      second.emplace(start_worker(coordinator, folder, benchmarks(), "second"));
    }
    const Output watched = oodml(coordinator, {"watch", "handover", "--wait"});
    EXPECT_EQ(watched.exit_code, 0) << watched.out << watched.err;
    table = oodml(coordinator, kTable).out;
    if (leave) {
      EXPECT_NE(read_text(folder / "second.log").find("goes on from an uploaded checkpoint"), std::string::npos);
    }
    return last_run(folder / (leave ? "second" : "first"));
  }

  TemporaryFolder folder_;
};

bool uploaded(const fs::path& log) {
  return wait_until([&] { return read_text(log).find("what=checkpoint") != std::string::npos; },
                    std::chrono::seconds(120));
}

TEST_F(HandoverTest, OnAnotherMachineATrialEndsWithTheSameBits) {
  std::string calm, drained, lost;
  const fs::path calm_run = run("calm", nullptr, calm);
  ASSERT_NE(calm.find("margin_distance"), std::string::npos) << calm;

  const fs::path drained_run = run(
      "drained",
      [](Process& worker, const fs::path& log) {
        ASSERT_TRUE(uploaded(log));
        worker.signal(SIGTERM);
        EXPECT_EQ(worker.wait(), 0) << read_text(log);
      },
      drained);
  const fs::path lost_run = run(
      "lost",
      [](Process& worker, const fs::path& log) {
        ASSERT_TRUE(uploaded(log));
        worker.signal(SIGKILL);
        worker.wait();
      },
      lost);

  EXPECT_EQ(drained, calm);
  EXPECT_EQ(lost, calm);
  for (const char* file : {"checkpoints/0006/network.safetensors", "best/test_embeds_e_recall@1/network.safetensors",
                           "best/test_embeds_e_recall@1/best.json"}) {
    const std::string expected = read_text(calm_run / file);
    EXPECT_FALSE(expected.empty()) << file;
    EXPECT_TRUE(read_text(drained_run / file) == expected) << file;
    EXPECT_TRUE(read_text(lost_run / file) == expected) << file;
  }
}

}  // namespace
}  // namespace oodml::testing
