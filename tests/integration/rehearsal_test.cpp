// Faults at random, and afterwards the whole history of what was asked and answered is checked against the database.
//   OODML_FAULTS       how many (40)
//   OODML_FAULT_SEED   the random numbers of an earlier run, as it printed them
//   OODML_FAULT_FOLDER where logs and databases are kept; else they go

#include "tests/integration/rehearsal.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/integration/history/check.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFindingsShown = 30;

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void expect_none(const history::Findings& findings) {
  for (std::size_t i = 0; i < findings.size() && i < kFindingsShown; ++i) ADD_FAILURE() << findings[i];
  if (findings.size() > kFindingsShown) ADD_FAILURE() << "and " << findings.size() - kFindingsShown << " more";
}

/// The same sweeps when nothing happens.
history::FinalState calm_state(const std::filesystem::path& folder, int sweeps) {
  RecordedCluster calm(folder, "{}", {.lease = "60", .heartbeat = "5", .restart_grace = "60"});
  calm.start_coordinator();
  for (int i = 0; i < sweeps; ++i) {
    calm.submit("rehearsal-" + std::to_string(i), Rehearsal::kSweepTrials, i * Rehearsal::kSweepTrials);
  }
  calm.start_worker("calm", 4);
  EXPECT_TRUE(
      wait_until([&] { return calm.counts().succeeded() == std::int64_t{sweeps} * Rehearsal::kSweepTrials; }, 600s));
  calm.cluster().stop();
  return history::read_final_state(calm.cluster().database());
}

TEST(RehearsalTest, NothingIsLostAndNothingCountsTwice) {
  const TemporaryFolder temporary;
  const char* kept = std::getenv("OODML_FAULT_FOLDER");
  const std::filesystem::path folder = kept == nullptr ? temporary.path() : std::filesystem::path(kept);
  const std::uint64_t seed = number_in("OODML_FAULT_SEED", std::random_device{}());
  const int faults = static_cast<int>(number_in("OODML_FAULTS", 40));
  std::cout << "rehearsal: " << faults << " faults, OODML_FAULT_SEED=" << seed << std::endl;

  Rehearsal rehearsal(folder / "faults", seed);
  rehearsal.suffer(faults);
  ASSERT_TRUE(rehearsal.recover(120s)) << rehearsal.cluster().cluster().oodml({"list"}).out
                                       << rehearsal.cluster().cluster().coordinator_log();
  rehearsal.cluster().cluster().stop();

  const auto calls = rehearsal.cluster().history();
  const history::FinalState end = history::read_final_state(rehearsal.cluster().cluster().database());
  for (const auto& [name, times] : rehearsal.happened()) std::cout << "  " << name << ": " << times << "\n";
  std::cout << "  calls " << calls.size() << ", trials " << end.trials.size() << ", attempts " << end.attempts.size()
            << std::endl;
  EXPECT_GT(end.attempts.size(), end.trials.size()) << "no attempt failed: were there any faults?";
  expect_none(history::check_history(calls, end, Rehearsal::kTerm));
  expect_none(history::check_same_figures(end, calm_state(folder / "calm", rehearsal.sweeps())));
}

}  // namespace
}  // namespace oodml::testing
