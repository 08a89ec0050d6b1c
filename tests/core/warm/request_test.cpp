#include "core/warm/request.h"

#include <gtest/gtest.h>

namespace oodml::warm {
namespace {

TEST(RequestTest, ComesBackAsItWasWithEmptyWordsToo) {
  const Request request{.folder = "/runs/a b", .variable = "MARK=/runs/a b", .words = {"core", "", "run\n"}};
  const auto again = decode(*encode(request));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->folder, request.folder);
  EXPECT_EQ(again->variable, request.variable);
  EXPECT_EQ(again->words, request.words);
}

TEST(RequestTest, WhatNoMessageCanHoldIsRefused) {
  EXPECT_FALSE(encode({.folder = "/runs", .variable = "A=b", .words = {std::string("a\0b", 3)}}));
  EXPECT_FALSE(encode({.folder = "/runs", .variable = "A=b", .words = {std::string(kMaxRequest, 'x')}}));
}

TEST(RequestTest, WhatIsNoRequestIsRefused) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("/runs\0A=b\0"sv)) << "no program";
  EXPECT_FALSE(decode("/runs\0A=b\0core"sv)) << "cut off";
}

}  // namespace
}  // namespace oodml::warm
