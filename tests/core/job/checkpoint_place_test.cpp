#include "core/job/checkpoint_place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace oodml::job {
namespace {

TEST(CheckpointPlaceTest, NamesAreInTheOrderOfProgress) {
  const std::vector<std::string> names = {"0002-000007", "0003-000000", "0003", "0003-000001", "0003-000017", "0010"};
  EXPECT_TRUE(std::ranges::is_sorted(names, {}, [](const auto& name) { return checkpoint_place(name).value(); }));
}

TEST(CheckpointPlaceTest, OtherNamesAreNone) {
  for (const char* name : {"", ".unfinished-0003", "0003-", "-3", "0003-x", "0003.replaced", "0003--1", "best"}) {
    EXPECT_FALSE(checkpoint_place(name)) << name;
  }
}

}  // namespace
}  // namespace oodml::job
