// `oodml local` killed again and again, at moments that have nothing to do with what it does.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using Seconds = std::chrono::duration<double>;

constexpr int kKills = 10;

class LocalKillTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(folder_ / "benchmarks"); }

  std::vector<std::string> local(const std::string& state) {
    return local_command(folder_.path(), state, {"--set", "epochs=6", "-o", "csv"});
  }

  /// The figures of every trial's results.json, by its fingerprint, without what a clock measured.
  std::map<std::string, std::string> figures(const std::string& state) const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / state)) {
      if (entry.path().filename() != "results.json") continue;
      const nlohmann::json results = figures_of(entry.path());
      const std::string text = results.dump(1);
      const auto [known, is_new] = found.emplace(results.at("fingerprint"), text);
      EXPECT_TRUE(is_new || known->second == text) << "two attempts of a trial disagree: " << entry.path();
    }
    return found;
  }

  /// Kills the program alone, which what it started has to notice, or everything at once, as the end of a machine does,
  /// after some of the time that an undisturbed run takes here.
  void kill_at_random(std::mt19937& random, int number, Seconds calm) {
    const auto log = folder_ / "killed.txt";
    Process running(local("killed"), {.environment = {}, .folder = {}, .output = log});
    std::this_thread::sleep_for(calm * std::uniform_real_distribution(0.02, 0.35)(random));
    const bool everything = std::bernoulli_distribution(0.5)(random);
    if (!running.running()) return;  // The sweep is complete already; going on from there is a case, too.
    ++kills_;
    const std::vector<pid_t> others = everything ? processes_with((folder_ / "killed").string()) : std::vector<pid_t>();
    running.signal(SIGKILL);
    for (const pid_t pid : others) ::kill(pid, SIGKILL);
    EXPECT_EQ(running.wait(), 128 + SIGKILL) << "kill " << number << ": " << read_text(log);
  }

  TemporaryFolder folder_;
  int kills_ = 0;
};

TEST_F(LocalKillTest, KilledTenTimesAtRandomItEndsWithTheBitsOfAnUndisturbedRun) {
  const char* const given = std::getenv("OODML_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoll(given)) : std::random_device{}();
  SCOPED_TRACE("OODML_SEED=" + std::to_string(seed));
  std::printf("OODML_SEED=%u\n", seed);
  const auto begin = std::chrono::steady_clock::now();
  const Output calm = run(local("calm"), {}, 5min);
  const Seconds calm_time = std::chrono::steady_clock::now() - begin;
  ASSERT_EQ(calm.exit_code, 0) << calm.out << calm.err;

  std::mt19937 random(seed);
  for (int number = 1; number <= kKills; ++number) kill_at_random(random, number, calm_time);
  std::printf("kills=%d, of an undisturbed run of %.1f s\n", kills_, calm_time.count());
  EXPECT_GT(kills_, 0) << "the sweep was over before the first kill";
  const Output ended = run(local("killed"), {}, 5min);
  EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err << read_text(folder_ / "killed/worker.log");
  EXPECT_EQ(ended.out, calm.out);
  EXPECT_EQ(figures("killed"), figures("calm"));
  EXPECT_TRUE(processes_with((folder_ / "killed").string()).empty()) << "something is left running";
}

}  // namespace
}  // namespace oodml::testing
