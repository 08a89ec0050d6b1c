#include "coordinator/store/figure_pack.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::coordinator::store {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::vector<Figures> samples() {
  return {{.series = 1, .best = 0.1, .best_epoch = 7, .last = -0.0, .last_epoch = 150, .selected_epoch = {}},
          {.series = kMost,
           .best = kInf,
           .best_epoch = -1,
           .last = 1e-310,
           .last_epoch = kMost,
           .selected = 0.25,
           .selected_epoch = 3},
          {.series = 300, .best = std::nan(""), .best_epoch = 0, .last = -kInf, .last_epoch = 2, .selected_epoch = 4}};
}

bool is_same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

TEST(FigurePackTest, EveryBitComesBack) {
  std::vector<Figures> back(5);
  ASSERT_TRUE(unpack_figures(pack_figures(samples()), back).ok());
  ASSERT_EQ(back.size(), samples().size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    const Figures wanted = samples()[i];
    EXPECT_EQ(back[i].series, wanted.series);
    EXPECT_EQ(back[i].best_epoch, wanted.best_epoch);
    EXPECT_EQ(back[i].last_epoch, wanted.last_epoch);
    EXPECT_EQ(back[i].selected_epoch, wanted.selected_epoch);
    EXPECT_TRUE(is_same(back[i].best, wanted.best)) << i;
    EXPECT_TRUE(is_same(back[i].last, wanted.last)) << i;
    EXPECT_TRUE(is_same(back[i].selected, wanted.selected)) << i;
  }
  ASSERT_TRUE(unpack_figures(pack_figures({}), back).ok());
  EXPECT_TRUE(back.empty());
}

TEST(FigurePackTest, WhatIsCutOffOrNoneOfItsOwnIsRefused) {
  const std::string whole = pack_figures(samples());
  std::vector<Figures> back;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(unpack_figures(whole.substr(0, size), back).code(), StatusCode::kDataLoss) << size;
  }
  EXPECT_FALSE(unpack_figures(whole + "x", back).ok());
  EXPECT_FALSE(unpack_figures("\x02" + whole.substr(1), back).ok()) << "another version";
  EXPECT_FALSE(unpack_figures("\x01\xff\xff\xff\xff\x7f", back).ok()) << "a number of figures that takes no memory";
}

}  // namespace
}  // namespace oodml::coordinator::store
