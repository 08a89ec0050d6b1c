#include "worker/devices/visible_gpus.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/worker/devices/gpus.h"

namespace oodml::worker {
namespace {

using testing::card;
using testing::mig;

const std::vector<Gpu> kFour = {card("GPU-aa11", 0), card("GPU-aa22", 1), card("GPU-bb33", 2), card("GPU-cc44", 3)};
const std::vector<Gpu> kDivided = {card("GPU-aa11", 0), mig("MIG-11", "GPU-bb22", 1), mig("MIG-12", "GPU-bb22", 1)};

std::string uuids(const std::vector<Gpu>& gpus) {
  std::string text;
  for (const Gpu& gpu : gpus) text += (text.empty() ? "" : " ") + gpu.uuid;
  return text;
}

std::string named(const std::vector<Gpu>& all, const std::string& list) { return uuids(named_gpus(all, list).gpus); }

GpuChoice given(const std::map<std::string, std::string>& variables, const std::vector<Gpu>& all = kFour) {
  return given_gpus(all, [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(NamedGpusTest, ByNumberByUuidAndByItsBeginningInTheOrderOfTheList) {
  EXPECT_EQ(named(kFour, "2,0"), "GPU-bb33 GPU-aa11");
  EXPECT_EQ(named(kFour, "GPU-cc44, GPU-b"), "GPU-cc44 GPU-bb33");
  EXPECT_EQ(named(kFour, "1,GPU-cc"), "GPU-aa22 GPU-cc44");
}

TEST(NamedGpusTest, AnEntryThatNamesNoneOrSeveralEndsTheList) {
  EXPECT_EQ(named(kFour, "0,-1,1"), "GPU-aa11");
  EXPECT_EQ(named(kFour, "0,7,1"), "GPU-aa11");
  EXPECT_EQ(named(kFour, "0,GPU-aa,1"), "GPU-aa11") << "two begin so";
  EXPECT_EQ(named(kFour, "0,cuda:1"), "GPU-aa11");
  EXPECT_EQ(named(kFour, ""), "");
  EXPECT_TRUE(named_gpus(kFour, "0,-1,1").warnings.empty()) << "a way to say so";
  EXPECT_EQ(named_gpus(kFour, "0,7,1").warnings,
            std::vector<std::string>{"'7' names no GPU, or several, and ends the list 0,7,1"});
}

TEST(NamedGpusTest, OneThatIsNamedTwiceLeavesNothingAsCudaHasIt) {
  EXPECT_EQ(named(kFour, "0,GPU-aa11"), "");
  EXPECT_EQ(named(kFour, "1,1"), "");
}

TEST(NamedGpusTest, ADividedCardStandsForItsMigDevicesWhichHaveNamesOfTheirOwn) {
  EXPECT_EQ(named(kDivided, "1"), "MIG-11 MIG-12");
  EXPECT_EQ(named(kDivided, "GPU-bb"), "MIG-11 MIG-12");
  EXPECT_EQ(named(kDivided, "MIG-12,0"), "MIG-12 GPU-aa11");
  EXPECT_EQ(named(kDivided, "MIG-1"), "") << "two begin so";
}

TEST(GivenGpusTest, AllWithoutAWord) { EXPECT_EQ(uuids(given({}).gpus), "GPU-aa11 GPU-aa22 GPU-bb33 GPU-cc44"); }

TEST(GivenGpusTest, AnEmptyListMeansNone) {
  EXPECT_EQ(uuids(given({{"CUDA_VISIBLE_DEVICES", ""}}).gpus), "");
  EXPECT_EQ(uuids(given({{"CUDA_VISIBLE_DEVICES", "-1"}, {"SLURM_STEP_GPUS", "1"}}).gpus), "");
}

TEST(GivenGpusTest, SlurmsListCountsWhereCudasIsNotSetThatOfTheStepFirst) {
  EXPECT_EQ(uuids(given({{"SLURM_JOB_GPUS", "1,2"}}).gpus), "GPU-aa22 GPU-bb33");
  EXPECT_EQ(uuids(given({{"SLURM_JOB_GPUS", "1,2"}, {"SLURM_STEP_GPUS", "2"}}).gpus), "GPU-bb33");
}

TEST(GivenGpusTest, WhereCgroupsHideOtherCardsSlurmsNumbersSayNothing) {
  const std::vector<Gpu> two = {card("GPU-bb33", 0), card("GPU-cc44", 1)};
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "2,3"}}, two).gpus), "GPU-bb33 GPU-cc44");
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "2,3"}, {"CUDA_VISIBLE_DEVICES", "0"}}, two).gpus), "GPU-bb33");
}

TEST(GivenGpusTest, CudasListNeverExceedsSlurms) {
  const GpuChoice part = given({{"SLURM_STEP_GPUS", "1,2"}, {"CUDA_VISIBLE_DEVICES", "0,2"}});
  EXPECT_EQ(uuids(part.gpus), "GPU-bb33");
  EXPECT_EQ(part.warnings, std::vector<std::string>{"CUDA_VISIBLE_DEVICES=0,2 names GPU-aa11, which Slurm did not give "
                                                    "this job; it gave GPU-aa22, GPU-bb33"});
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "3"}, {"CUDA_VISIBLE_DEVICES", "0"}}).gpus), "GPU-cc44")
      << "a 0 out of habit gives way to what the job has";
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "1,2"}, {"CUDA_VISIBLE_DEVICES", "2,1"}}).gpus), "GPU-bb33 GPU-aa22")
      << "its order counts";
}

TEST(GivenGpusTest, SlurmsNumbersCountByThePciBusWhateverCudasOrderIs) {
  const std::vector<Gpu> by_speed = {kFour[3], kFour[0], kFour[1], kFour[2]};
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "3"}}, by_speed).gpus), "GPU-cc44");
  EXPECT_EQ(uuids(given({{"CUDA_VISIBLE_DEVICES", "0"}}, by_speed).gpus), "GPU-cc44");
}

TEST(GivenGpusTest, SlurmsNumbersAreNotUsedWhereMigDividesACardOrTheyMakeNoSense) {
  EXPECT_EQ(uuids(given({{"SLURM_STEP_GPUS", "0"}}, kDivided).gpus), "GPU-aa11 MIG-11 MIG-12");
  const GpuChoice strange = given({{"SLURM_STEP_GPUS", "a100:2"}});
  EXPECT_EQ(strange.gpus.size(), 4u);
  EXPECT_EQ(strange.warnings.size(), 1u);
}

TEST(ChosenGpusTest, EveryEntryHasToNameOneThatWasGiven) {
  EXPECT_EQ(uuids(chosen_gpus(kFour, "").value()), "GPU-aa11 GPU-aa22 GPU-bb33 GPU-cc44");
  EXPECT_EQ(uuids(chosen_gpus(kFour, "3,GPU-aa1").value()), "GPU-cc44 GPU-aa11");
  EXPECT_EQ(
      chosen_gpus({kFour[0]}, "0,1").error().message(),
      "--devices 0,1: '1' names no GPU, or several; there are GPU-aa11, by number from 0 or by the beginning of the "
      "UUID");
  EXPECT_NE(chosen_gpus(kFour, "0,0").error().message().find("for the second time"), std::string::npos);
  EXPECT_EQ(chosen_gpus({}, "0").error().message(), "--devices 0: no GPU is visible here");
}

}  // namespace
}  // namespace oodml::worker
