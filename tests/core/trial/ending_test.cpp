#include "core/trial/ending.h"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>

#include "core/collective/collective.h"

namespace oodml::trial {
namespace {

using job::Outcome;

TEST(EndingTest, ACodeSaysWhoseFaultAFailureWas) {
  for (const auto& [code, outcome] : std::initializer_list<std::pair<StatusCode, Outcome>>{
           {StatusCode::kNotFound, Outcome::kMachine},
           {StatusCode::kPermissionDenied, Outcome::kMachine},
           {StatusCode::kResourceExhausted, Outcome::kMachine},
           {StatusCode::kUnavailable, Outcome::kMachine},
           {StatusCode::kDataLoss, Outcome::kMachine},
           {StatusCode::kInvalidArgument, Outcome::kBadConfiguration},
           {StatusCode::kFailedPrecondition, Outcome::kBadConfiguration},
           {StatusCode::kAlreadyExists, Outcome::kBadConfiguration},
           {StatusCode::kUnimplemented, Outcome::kBadConfiguration},
           {StatusCode::kInternal, Outcome::kInfrastructure},
           {StatusCode::kDeadlineExceeded, Outcome::kInfrastructure},
           {StatusCode::kCancelled, Outcome::kInfrastructure},
           {StatusCode::kAborted, Outcome::kInfrastructure},
       }) {
    EXPECT_STREQ(job::to_text(outcome_of(code)), job::to_text(outcome)) << to_text(code);
  }
}

template <typename Error>
std::string kind_of(Error error) {
  const End end = caught([&]() -> Result<End> { throw error; });
  EXPECT_EQ(end.exit_code, kExitFailed);
  return std::get<job::Failed>(end.event).kind;
}

const c10::SourceLocation kHere{"a function", "a file", 1};

TEST(EndingTest, WhatIsThrownSaysItByItsType) {
  EXPECT_EQ(kind_of(c10::OutOfMemoryError(kHere, "CUDA out of memory")), "out_of_memory");
  EXPECT_EQ(kind_of(std::bad_alloc()), "out_of_memory");
  EXPECT_EQ(kind_of(std::invalid_argument("a wrong shape")), "bad_configuration");
  EXPECT_EQ(kind_of(c10::Error(kHere, "a wrong shape")), "bad_configuration");
  EXPECT_EQ(kind_of(std::runtime_error("who knows")), "infrastructure");
  EXPECT_EQ(kind_of(collective::PeerLost("gone")), "infrastructure");
  for (const int number : {EIO, ESTALE, ENOENT, ENOSPC, EACCES}) {
    const std::error_code error(number, std::generic_category());
    EXPECT_EQ(kind_of(std::filesystem::filesystem_error("read", error)), "machine") << error.message();
  }
}

TEST(EndingTest, ErrorsOfAGpuAreTheMachinesUnlessATrialsKernelsCanMakeThem) {
  const auto kind = [](int number) { return kind_of(c10::AcceleratorError(kHere, number, "CUDA error")); };
  EXPECT_EQ(kind(100), "machine") << "no device";
  EXPECT_EQ(kind(214), "machine") << "uncorrectable ECC error";
  EXPECT_EQ(kind(803), "machine") << "driver and library do not fit";
  EXPECT_EQ(kind(46), "machine") << "device unavailable";
  EXPECT_EQ(kind(710), "infrastructure") << "device-side assertion";
  EXPECT_EQ(kind(700), "infrastructure") << "illegal address";
}

}  // namespace
}  // namespace oodml::trial
