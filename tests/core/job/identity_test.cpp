#include "core/job/identity.h"

#include <gtest/gtest.h>

namespace oodml::job {
namespace {

using Words = std::vector<std::string>;

TEST(IdentityTest, StampsComeBackFromTheirText) {
  const DataStamps stamps = {
      {images_of("birds"), "3f2a"}, {split_of("birds", "3"), "77ab"}, {weights_named("r-a"), "00"}};
  EXPECT_EQ(stamps_text(stamps), "images of birds=3f2a;split 3 of birds=77ab;weights r-a=00");
  EXPECT_EQ(parse_stamps(stamps_text(stamps)), stamps);
  EXPECT_TRUE(parse_stamps("").empty());
}

TEST(IdentityTest, ATextThatWasCutLosesItsEndOnly) {
  EXPECT_EQ(parse_stamps("images of birds=3f2a;split 3"), (DataStamps{{"images of birds", "3f2a"}}));
  EXPECT_EQ(parse_stamps(";;=;a=;b=1;"), (DataStamps{{"b", "1"}}));
}

TEST(IdentityTest, NamesCannotBreakTheText) {
  const DataStamps stamps = {{split_of("a=b", "1;2\n3"), "00"}};
  EXPECT_EQ(parse_stamps(stamps_text(stamps)), stamps);
}

TEST(IdentityTest, DifferencesAreOfWhatBothKnow) {
  const Identity a{.results_version = 1, .program = "0.1", .data = "images of birds=1;split 3 of birds=2"};
  EXPECT_EQ(differences(a, a), Words{});
  EXPECT_EQ(differences(a, {}), Words{}) << "nothing is known of the other";
  EXPECT_EQ(differences(a, {.results_version = 1, .program = "0.2", .data = "images of birds=1"}), Words{})
      << "another program may give the same numbers";
  EXPECT_EQ(differences(a, {.results_version = 1, .program = "", .data = "images of cars=9"}), Words{});
  EXPECT_EQ(differences(a, {.results_version = 2, .program = "", .data = "images of birds=1;split 3 of birds=7"}),
            (Words{"results version", "split 3 of birds"}));
  EXPECT_TRUE(is_unknown({}));
  EXPECT_FALSE(is_unknown(a));
}

}  // namespace
}  // namespace oodml::job
