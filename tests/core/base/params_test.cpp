#include "core/base/params.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/seeds.h"

namespace oodml {
namespace {

TEST(ValueTest, TextsAreOneLineAndSayTheirType) {
  EXPECT_EQ(to_text(Value(true)), "true");
  EXPECT_EQ(to_text(Value(std::int64_t{3})), "3");
  EXPECT_EQ(to_text(Value(3.0)), "3.0");
  EXPECT_EQ(to_text(Value(1e-5)), "1e-05");
  EXPECT_EQ(to_text(Value(std::string("a\n\"b\""))), "\"a\\n\\\"b\\\"\"");
  EXPECT_EQ(to_text(Value(std::vector<double>{1, 2.5})), "[1.0, 2.5]");
  EXPECT_EQ(to_text(Value(std::vector<std::string>{"a", "b"})), "[\"a\", \"b\"]");
  EXPECT_EQ(to_display_text(Value(std::vector<std::string>{"test", "train"})), "[test, train]");
  EXPECT_EQ(to_display_text(Value(0.2)), "0.2");
}

Value random_value(Random& random) {
  const auto number = [&] {
    return (random.uniform() - 0.5) * std::pow(10.0, static_cast<double>(random.below(600) - 300));
  };
  const auto integer = [&] { return static_cast<std::int64_t>(random.next()) >> random.below(64); };
  const auto text = [&] {
    std::string result;
    for (std::int64_t n = random.below(12); n > 0; --n) result += static_cast<char>(random.below(128));
    return random.below(3) == 0 ? result + "\xe2\x82\xac" : result;
  };
  const auto length = static_cast<std::size_t>(random.below(4));
  switch (random.below(7)) {
    case 0:
      return random.below(2) == 0;
    case 1:
      return integer();
    case 2:
      return number();
    case 3:
      return text();
    case 4: {
      std::vector<std::int64_t> list(length);
      for (auto& item : list) item = integer();
      return list;
    }
    case 5: {
      std::vector<double> list(length);
      for (auto& item : list) item = number();
      return list;
    }
    default: {
      std::vector<std::string> list(length);
      for (auto& item : list) item = text();
      return list;
    }
  }
}

TEST(ValueTest, EveryValueReadsBackAsTheSameTypeAndBits) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const Value value = random_value(random);
    const auto read = parse_value(to_text(value));
    ASSERT_TRUE(read.has_value()) << to_text(value);
    ASSERT_EQ(*read, value) << to_text(value);
  }
  for (const double value : std::vector<double>{INFINITY, -INFINITY, std::numeric_limits<double>::denorm_min()}) {
    EXPECT_EQ(*parse_value(to_text(Value(value))), Value(value));
  }
  EXPECT_TRUE(std::isnan(std::get<double>(*parse_value("nan"))));
}

TEST(ValueTest, WhatIsNoValueIsRefused) {
  for (const char* bad : {"", "abc", "[1, \"a\"]", "[", "{\"a\": 1}", "null", "[]", "1 2"}) {
    EXPECT_FALSE(parse_value(bad).has_value()) << bad;
  }
}

TEST(ParamsTest, AccessorsGiveTypedValuesAndNameWhatIsMissing) {
  const Params params{{"lr", 0.5}, {"epochs", std::int64_t{3}}, {"name", std::string("x")}};
  EXPECT_EQ(params.number("lr"), 0.5);
  EXPECT_EQ(params.number("epochs"), 3.0);  // integers convert
  EXPECT_EQ(params.integer("epochs"), 3);
  EXPECT_THROW(params.integer("lr"), std::logic_error);
  try {
    params.at("batch_size");
    ADD_FAILURE() << "a missing key was found";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string(error.what()).find("batch_size"), std::string::npos);
  }
}

TEST(ParamsTest, BelowTakesTheKeysOfOneComponentOnly) {
  const Params params{
      {"criterion", std::string("margin")}, {"criterion.beta", 1.2}, {"criterion2.beta", 3.0}, {"criteria", 1.0}};
  const Params below = params.below("criterion");
  EXPECT_EQ(below.size(), 1u);
  EXPECT_EQ(below.number("beta"), 1.2);
}

}  // namespace
}  // namespace oodml
