#include "core/base/utf8.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

TEST(Utf8Test, FindsTheFirstByteThatIsNoText) {
  EXPECT_FALSE(first_invalid_utf8(""));
  EXPECT_FALSE(first_invalid_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
  EXPECT_EQ(first_invalid_utf8("ab\xff"), 2u);
  EXPECT_EQ(first_invalid_utf8("\x80"), 0u);              // stray continuation
  EXPECT_EQ(first_invalid_utf8("a\xe2\x82"), 1u);         // cut off
  EXPECT_EQ(first_invalid_utf8("\xc0\xaf"), 0u);          // overlong slash
  EXPECT_EQ(first_invalid_utf8("\xe0\x80\xaf"), 0u);      // the same in three bytes
  EXPECT_EQ(first_invalid_utf8("\xed\xa0\x80"), 0u);      // a surrogate
  EXPECT_EQ(first_invalid_utf8("\xf4\x90\x80\x80"), 0u);  // beyond U+10FFFF
  EXPECT_FALSE(first_invalid_utf8("\xf4\x8f\xbf\xbf"));   // U+10FFFF itself
}

TEST(Utf8Test, ReplacesWhatIsNoText) {
  EXPECT_EQ(to_valid_utf8("a\xff\xc3\xa9\xe2\x82"), "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace oodml
