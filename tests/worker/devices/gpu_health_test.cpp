#include "worker/devices/gpu_health.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/devices/gpus.h"

namespace oodml::worker {
namespace {

using job::Outcome;
using std::chrono::minutes;
using testing::card;

const job::Slot kSlotA{.name = "cuda:0", .device = "cuda:0", .memory_mib = 80'000, .gpus = {"GPU-a"}};
const job::Slot kSlotB{.name = "cuda:1", .device = "cuda:1", .memory_mib = 80'000, .gpus = {"GPU-b"}};
const job::Slot kCpu{.name = "cpu:0", .device = "cpu"};
constexpr pid_t kOurs = 77;

class GpuHealthTest : public ::testing::Test {
 protected:
  GpuHealthTest() {
    terms_.file = folder_ / "gpus.json";
    terms_.ours = [](pid_t pid) { return pid == kOurs; };
    terms_.probe = [this](const std::vector<std::string>& uuids) -> Status {
      ++probes_;
      if (uuids.front() == dead_) return failed_precondition("does not compute");
      return {};
    };
    begin();
  }
  void begin() {
    health_ = std::make_unique<GpuHealth>(std::make_unique<testing::FakeMonitor>(machine_), clock_, terms_,
                                          std::vector<job::Slot>{kSlotA, kSlotB, kCpu});
  }
  Gpu& a() { return machine_->gpus[0]; }
  std::string look() {
    health_->look();
    return health_->set_aside(kSlotA);
  }
  /// A trial on the first GPU that ends so.
  Verdict trial(std::int64_t id, Outcome outcome, const std::string& message, bool of_program = false) {
    health_->begin(kSlotA);
    health_->look();
    return health_->end(kSlotA, TrialId{id}, {outcome, message}, of_program);
  }
  static bool holds(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::shared_ptr<testing::Machine> machine_ =
      std::make_shared<testing::Machine>(testing::Machine{{card("GPU-a", 0), card("GPU-b", 1)}, {}});
  GpuTerms terms_;
  int probes_ = 0;
  std::string dead_;  ///< The GPU that does not compute.
  std::unique_ptr<GpuHealth> health_;
};

TEST_F(GpuHealthTest, AGpuThatOthersComputeOnIsLeftToThemAndComesBackByItself) {
  EXPECT_EQ(look(), "");
  const std::string since = to_iso8601(clock_.now());
  a().processes = {{4711, 9000}};
  a().used_mib = 9000;
  EXPECT_EQ(look(), "GPU-a is used by others since " + since + ": process 4711");
  EXPECT_EQ(health_->set_aside(kSlotB), "");
  EXPECT_EQ(health_->set_aside(kCpu), "");
  clock_.advance(minutes(5));
  a().processes = {{4711, 9900}};
  EXPECT_EQ(look(), "GPU-a is used by others since " + since + ": process 4711") << "more memory is no news";
  a().processes = {{4711, 9900}, {4712, 700}};
  EXPECT_EQ(look(), "GPU-a is used by others since " + since + ": processes 4711, 4712");
  a().processes.clear();
  a().used_mib = 4;
  EXPECT_EQ(look(), "");
}

TEST_F(GpuHealthTest, ADesktopsMemoryDoesNotCountUpToTheLimit) {
  a().used_mib = 500;
  EXPECT_EQ(look(), "");
  EXPECT_EQ(health_->now({kSlotA}).front().memory_mib, 79'360) << "what it leaves, in steps of 256";
  a().processes = {{4711, 400}};
  EXPECT_EQ(look(), "") << "nor does a small process";
  a().processes.clear();
  a().used_mib = 600;
  EXPECT_TRUE(holds(look(), ": 600 MiB of its memory")) << look();
}

TEST_F(GpuHealthTest, AProcessWhoseMemoryTheDriverDoesNotTellCounts) {
  a().processes = {{4711, std::nullopt}};
  EXPECT_TRUE(holds(look(), "process 4711")) << look();
}

TEST_F(GpuHealthTest, OursAreNotOthers) {
  a().processes = {{kOurs, 9000}};
  a().used_mib = 9000;
  EXPECT_EQ(look(), "");
  health_->begin(kSlotA);
  a().processes = {{kOurs, 9000}, {4711, 9000}};
  EXPECT_EQ(look(), "") << "while a trial runs there nobody is asked to leave";
  health_->end(kSlotA, TrialId{1}, {Outcome::kSucceeded, ""}, false);
  EXPECT_TRUE(holds(look(), "process 4711")) << look();
}

TEST_F(GpuHealthTest, SharedGpusAreUsedAsFarAsTheirMemoryReaches) {
  terms_.share = true;
  begin();
  a().processes = {{4711, 30'000}};
  a().used_mib = 30'000;
  EXPECT_EQ(look(), "");
  EXPECT_EQ(health_->now({kSlotA, kSlotB})[0].memory_mib, 49'920);
  EXPECT_EQ(health_->now({kSlotA, kSlotB})[1].memory_mib, 80'000);
}

TEST_F(GpuHealthTest, MemoryErrorsSetAGpuAsideUntilAPersonSaysSo) {
  a().uncorrected = 1;
  EXPECT_TRUE(holds(look(), "GPU-a is set aside since ")) << look();
  EXPECT_TRUE(holds(look(), ": 1 new memory error that ECC could not mend")) << look();
  begin();
  EXPECT_TRUE(holds(look(), "1 new memory error")) << "the next life of the worker keeps to it";
  health_->retry();
  EXPECT_EQ(look(), "") << "those are known";
  begin();
  EXPECT_EQ(look(), "");
  a().uncorrected = 3;
  EXPECT_TRUE(holds(look(), ": 2 new memory errors"));
  terms_.retry = true;
  begin();
  EXPECT_EQ(look(), "") << "--retry-devices";
}

TEST_F(GpuHealthTest, ErrorsOfBeforeTheWorkerStartedAreNotHeldAgainstIt) {
  a().uncorrected = 7;
  begin();
  EXPECT_EQ(look(), "");
}

TEST_F(GpuHealthTest, DamagedMemoryThatWaitsForAResetSetsItAside) {
  a().repair_pending = true;
  begin();
  EXPECT_TRUE(holds(look(), "a reset of the GPU")) << look();
  terms_.retry = true;
  begin();
  EXPECT_EQ(look(), "") << "a person knows of it";
}

TEST_F(GpuHealthTest, ALostGpuIsSetAside) {
  a().lost = true;
  EXPECT_TRUE(holds(look(), "it has fallen off the bus"));
  machine_->gpus.pop_back();
  health_->look();
  EXPECT_TRUE(holds(health_->set_aside(kSlotB), "the driver does not show it any more"));
}

TEST_F(GpuHealthTest, ADriverThatDoesNotTellChangesNothing) {
  machine_->trouble = Status(StatusCode::kUnavailable, "NVML cannot count the GPUs: Unknown Error");
  EXPECT_EQ(look(), "");
  health_->note_silence(std::chrono::seconds(10));
  EXPECT_TRUE(holds(health_->set_aside(kSlotA), "has not said for 10 s"));
  EXPECT_EQ(health_->set_aside(kCpu), "");
  machine_->trouble = {};
  EXPECT_EQ(look(), "");
}

TEST_F(GpuHealthTest, ATrialThatMetABrokenGpuGoesOnElsewhereWithoutATry) {
  const Verdict verdict = trial(7, Outcome::kMachine, "CUDA error: uncorrectable ECC error encountered");
  EXPECT_EQ(verdict.outcome, Outcome::kPreempted);
  EXPECT_TRUE(holds(verdict.message, "goes on elsewhere: GPU-a is set aside since ")) << verdict.message;
  EXPECT_TRUE(holds(verdict.message, "it had ended as machine: CUDA error: uncorrectable ECC")) << verdict.message;
  EXPECT_TRUE(holds(look(), "trial 7 ended there as: CUDA error: uncorrectable ECC error encountered")) << look();
}

TEST_F(GpuHealthTest, AnErrorThatAProgramCanCauseIsProbedAndWhatWorksGoesOn) {
  const Verdict own{Outcome::kInfrastructure, "CUDA error: an illegal memory access was encountered"};
  EXPECT_EQ(trial(7, own.outcome, own.message), own);
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(look(), "");
  dead_ = "GPU-a";
  EXPECT_EQ(trial(7, own.outcome, own.message).outcome, Outcome::kPreempted);
  EXPECT_TRUE(holds(look(), "illegal memory access")) << look();
}

TEST_F(GpuHealthTest, AnErrorThatStaysWithTheNextTrialIsTheGpus) {
  const std::string message = "CUDA error: an illegal memory access was encountered";
  EXPECT_EQ(trial(7, Outcome::kInfrastructure, message).outcome, Outcome::kInfrastructure);
  EXPECT_EQ(trial(7, Outcome::kInfrastructure, message).outcome, Outcome::kInfrastructure) << "its own bug, it seems";
  EXPECT_EQ(trial(8, Outcome::kInfrastructure, message).outcome, Outcome::kPreempted);
  EXPECT_NE(look(), "");
}

TEST_F(GpuHealthTest, ASuccessInBetweenClearsTheDoubt) {
  const std::string message = "CUDA error: an illegal memory access was encountered";
  trial(7, Outcome::kInfrastructure, message);
  trial(8, Outcome::kSucceeded, "");
  EXPECT_EQ(trial(9, Outcome::kInfrastructure, message).outcome, Outcome::kInfrastructure);
  EXPECT_EQ(look(), "");
}

TEST_F(GpuHealthTest, WhatAProgramSaysCondemnsNoGpuThatWorks) {
  for (int id = 1; id <= 5; ++id) {
    EXPECT_EQ(trial(id, Outcome::kInfrastructure, "CUDA error: unspecified launch failure", true).outcome,
              Outcome::kInfrastructure);
  }
  EXPECT_EQ(look(), "");
  a().uncorrected = 1;
  EXPECT_EQ(trial(6, Outcome::kInfrastructure, "exit code 1", true).outcome, Outcome::kPreempted)
      << "the driver's own count does";
}

TEST_F(GpuHealthTest, OtherFailuresAndSuccessesStayWhatTheyAre) {
  EXPECT_EQ(trial(1, Outcome::kOutOfMemory, "CUDA out of memory").outcome, Outcome::kOutOfMemory);
  EXPECT_EQ(trial(2, Outcome::kInfrastructure, "no space left on device").outcome, Outcome::kInfrastructure);
  EXPECT_EQ(probes_, 0);
  a().uncorrected = 1;
  EXPECT_EQ(trial(3, Outcome::kSucceeded, "").outcome, Outcome::kSucceeded);
  EXPECT_NE(look(), "");
}

TEST_F(GpuHealthTest, OfSeveralGpusThoseThatDoNotWorkAreSetAside) {
  const job::Slot both{.name = "both", .device = "cuda:0,cuda:1", .gpus = {"GPU-a", "GPU-b"}};
  dead_ = "GPU-b";
  health_->begin(both);
  EXPECT_EQ(health_->end(both, TrialId{1}, {Outcome::kMachine, "CUDA error: unknown error"}, false).outcome,
            Outcome::kPreempted);
  EXPECT_EQ(health_->set_aside(kSlotA), "");
  EXPECT_NE(health_->set_aside(kSlotB), "");
  EXPECT_NE(health_->set_aside(both), "");
}

TEST_F(GpuHealthTest, ADamagedFileOfWhatIsSetAsideIsNone) {
  a().uncorrected = 1;
  look();
  testing::write_text(terms_.file, "{\"set_aside\": {\"GPU-a\": 7, \"GPU-b\":");
  begin();
  EXPECT_EQ(look(), "");
}

}  // namespace
}  // namespace oodml::worker
