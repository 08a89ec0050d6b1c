#include "core/base/exit_code.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace oodml {
namespace {

constexpr auto kAll = {kExitDone,     kExitFailed,   kExitUsage,       kExitIncomplete, kExitNotAllowed,
                       kExitNotFound, kExitConflict, kExitUnreachable, kExitTimeOver,   kExitDiskFailed,
                       kExitStopped,  kExitPeerLost, kExitInterrupted};

std::string operations_page() {
  const char* source = std::getenv("OODML_SOURCE");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/docs/operations.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ExitCodeTest, TheOperationsPageHasTheTableOfAllCodes) {
  std::string table = "| code | meaning |\n| --- | --- |\n";
  for (const ExitCode code : kAll) table += "| " + std::to_string(code) + " | " + to_text(code) + " |\n";
  EXPECT_NE(operations_page().find(table + "\n"), std::string::npos) << "docs/operations.md should have\n" << table;
}

TEST(ExitCodeTest, HelpListsThoseOfAProgramInLinesThatFitATerminal) {
  EXPECT_EQ(exit_codes_help({kExitDone, kExitNotFound}), "Exit codes: 0 done, 5 not found.");
  std::istringstream all(exit_codes_help(kAll));
  for (std::string line; std::getline(all, line);) EXPECT_LE(line.size(), 110u) << line;
}

TEST(ExitCodeTest, WhatIsAwayIsTheCoordinatorOrADiskAndDamageIsInputOnlyHere) {
  EXPECT_EQ(exit_code_of(StatusCode::kUnavailable), kExitUnreachable);
  EXPECT_EQ(exit_code_here(StatusCode::kUnavailable), kExitFailed);
  EXPECT_EQ(exit_code_of(StatusCode::kDataLoss), kExitFailed);
  EXPECT_EQ(exit_code_here(StatusCode::kDataLoss), kExitUsage);
  for (const StatusCode code : {StatusCode::kOk, StatusCode::kInvalidArgument, StatusCode::kNotFound,
                                StatusCode::kPermissionDenied, StatusCode::kAlreadyExists, StatusCode::kInternal}) {
    EXPECT_EQ(exit_code_of(code), exit_code_here(code)) << to_text(code);
  }
}

}  // namespace
}  // namespace oodml
