#include "core/figures/palette.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace oodml::figures {
namespace {

TEST(PaletteTest, NoTwoOfFortySeriesLookAlike) {
  std::set<std::tuple<std::string_view, int, int>> seen;
  for (std::size_t i = 0; i < 40; ++i) seen.emplace(colour(i), point_type(i), dash_type(i));
  EXPECT_EQ(seen.size(), 40u);
}

}  // namespace
}  // namespace oodml::figures
