#include "core/base/code_point.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

TEST(CodePointTest, CharactersOfOneToFourBytesAreRead) {
  const std::string text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
  EXPECT_EQ(code_point_at(text, 0).value, U'a');
  EXPECT_EQ(code_point_at(text, 1).value, U'\u00e9');
  EXPECT_EQ(code_point_at(text, 3).value, U'\u20ac');
  EXPECT_EQ(code_point_at(text, 6).value, U'\U0001f600');
  EXPECT_EQ(code_point_at(text, 6).length, 4U);
  EXPECT_EQ(code_point_at("\xff", 0).length, 1U) << "no character: the byte";
}

TEST(CodePointTest, TheNextBeyondAsciiIsFound) {
  EXPECT_FALSE(next_beyond_ascii("plain text\x7f").has_value());
  EXPECT_EQ(next_beyond_ascii("ab\xc2\xa0")->offset, 2U);
  EXPECT_FALSE(next_beyond_ascii("\xc2\xa0 b", 2).has_value());
}

TEST(CodePointTest, ABeginningHasWholeCharacters) {
  EXPECT_EQ(beginning_of("a\xe2\x82\xac", 4), "a\xe2\x82\xac");
  for (const std::size_t most : {1, 2, 3}) EXPECT_EQ(beginning_of("a\xe2\x82\xac", most), "a");
  EXPECT_EQ(beginning_of("", 3), "");
}

TEST(CodePointTest, NamesHaveFourDigitsOrMore) {
  EXPECT_EQ(code_point_name(0xa0), "U+00A0");
  EXPECT_EQ(code_point_name(0x1f600), "U+1F600");
}

}  // namespace
}  // namespace oodml
