#include "core/products/near_tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

constexpr float kNobody = -std::numeric_limits<float>::infinity();

/// Rows with all that keys of both forms are made of; entries are small integers, so that every key is exact.
struct Rows {
  std::int64_t size;
  PackedRows packed;
  std::vector<float> values, squares, offsets, inverse_norms, limits;

  Rows(std::int64_t n, std::int64_t dim, Registers registers, unsigned seed)
      : size(n), packed(n, dim, registers), values(static_cast<std::size_t>(n * dim)) {
    std::mt19937 engine(seed);
    const auto drawn = [&](int end) { return static_cast<float>(static_cast<int>(engine() % (2 * end + 1)) - end); };
    for (float& value : values) value = drawn(2);
    packed.pack(values.data(), 0, n);
    for (std::int64_t row = 0; row < n + kSpareEntries; ++row) {
      float square = 0.0f;
      for (std::int64_t k = 0; row < n && k < dim; ++k) square += values[row * dim + k] * values[row * dim + k];
      squares.push_back(square);
      offsets.push_back(drawn(3));
      inverse_norms.push_back(std::ldexp(1.0f, static_cast<int>(drawn(2)) - 4));
      limits.push_back(row % 5 == 3 ? kNobody : static_cast<float>(engine() % 20));
    }
  }

  KeyParts parts(KeyForm form) const {
    return {.form = form, .squares = squares.data(), .offsets = offsets.data(), .inverse_norms = inverse_norms.data()};
  }
  float key(KeyForm form, std::int64_t a, std::int64_t b) const {
    float product = 0.0f;
    const std::int64_t dim = packed.dim();
    for (std::int64_t k = 0; k < dim; ++k) product += values[a * dim + k] * values[b * dim + k];
    const float key = form == KeyForm::kSquaredDistance
                          ? squares[a] + squares[b] - 2 * product
                          : 1 - (product + (offsets[a] + offsets[b])) * (inverse_norms[a] * inverse_norms[b]);
    return std::max(key, 0.0f);
  }
};

using Pairs = std::set<std::pair<std::uint32_t, float>>;

Pairs pairs_of(const NearRows& near) {
  Pairs pairs;
  for (std::size_t i = 0; i < near.rows.size(); ++i) pairs.emplace(near.rows[i], near.keys[i]);
  EXPECT_EQ(pairs.size(), near.rows.size());
  return pairs;
}

class NearTileTest : public KernelTest {};

TEST_P(NearTileTest, BothSidesFindWhoIsWithinTheirLimits) {
  const Rows rows(333, 5, GetParam(), 1);
  NearTile tile(GetParam());
  for (const auto& [left, right] : std::vector<std::pair<RowRange, RowRange>>{
           {{0, 48}, {48, 333}}, {{48, 192}, {192, 333}}, {{288, 333}, {288, 333}}, {{0, 144}, {0, 144}}}) {
    tile.multiply(rows.packed, left, right);
    for (const KeyForm form : {KeyForm::kSquaredDistance, KeyForm::kCosine}) {
      tile.find(rows.parts(form), rows.limits.data());
      const auto want = [&](std::int64_t row, RowRange among) {
        Pairs pairs;
        for (std::int64_t other = among.first; other < among.last; ++other) {
          const float key = rows.key(form, row, other);
          if (key <= rows.limits[row]) pairs.emplace(static_cast<std::uint32_t>(other), key);
        }
        return pairs;
      };
      for (std::int64_t row = left.first; row < left.last; ++row) {
        ASSERT_EQ(pairs_of(tile.near_row(row)), want(row, right)) << row;
      }
      for (std::int64_t row = right.first; row < right.last && !tile.is_diagonal(); ++row) {
        ASSERT_EQ(pairs_of(tile.near_column(row)), want(row, left)) << row;
      }
    }
  }
}

TEST_P(NearTileTest, WhatWasTakenOutIsNearToNobody) {
  const Rows rows(150, 3, GetParam(), 2);
  const std::vector<float> everybody(150 + kSpareEntries, 1e30f);
  NearTile tile(GetParam());
  tile.multiply(rows.packed, {0, 96}, {96, 150});
  tile.take_out({10, 20}, {90, 100});
  for (const KeyForm form : {KeyForm::kSquaredDistance, KeyForm::kCosine}) {
    tile.find(rows.parts(form), everybody.data());
    for (std::int64_t row = 0; row < 96; ++row) {
      EXPECT_EQ(tile.near_row(row).rows.size(), row >= 10 && row < 20 ? 50u : 54u) << row;
    }
    for (std::int64_t row = 96; row < 150; ++row) {
      EXPECT_EQ(tile.near_column(row).rows.size(), row < 100 ? 86u : 96u) << row;
    }
  }
}

TEST_P(NearTileTest, IntegersTimesTheirStepsArePutIntoTheSameKeys) {
  // Rows of one entry, +-1 or 0: their integers are +-32767, and times their steps they are the rows again.
  constexpr std::int64_t kSize = 230;
  Rows rows(kSize, 1, GetParam(), 3);
  for (float& value : rows.values) value = value > 0.0f ? 1.0f : value < 0.0f ? -1.0f : 0.0f;
  rows.packed.pack(rows.values.data(), 0, kSize);
  IntegerRows integers(kSize, 1, GetParam());
  integers.pack(rows.values.data(), 0, kSize);
  for (float& limit : rows.limits) limit += 0.37f;  // no key lies at a limit
  NearTile of_integers(GetParam()), of_products(GetParam());
  for (const auto& [left, right] :
       std::vector<std::pair<RowRange, RowRange>>{{{0, 96}, {96, 230}}, {{192, 230}, {192, 230}}}) {
    of_integers.multiply(integers, left, right);
    of_products.multiply(rows.packed, left, right);
    for (NearTile* const tile : {&of_integers, &of_products}) tile->take_out({50, 60}, {99, 104});
    for (const KeyForm form : {KeyForm::kSquaredDistance, KeyForm::kCosine}) {
      KeyParts parts = rows.parts(form);
      of_products.find(parts, rows.limits.data());
      parts.steps = integers.steps().data();
      of_integers.find(parts, rows.limits.data());
      const auto expect_alike = [](const NearRows& found, const NearRows& wanted) {
        ASSERT_EQ(std::vector(found.rows.begin(), found.rows.end()),
                  std::vector(wanted.rows.begin(), wanted.rows.end()));
        for (std::size_t i = 0; i < found.keys.size(); ++i) EXPECT_NEAR(found.keys[i], wanted.keys[i], 1e-5f);
      };
      for (std::int64_t row = left.first; row < left.last; ++row) {
        expect_alike(of_integers.near_row(row), of_products.near_row(row));
      }
      for (std::int64_t row = right.first; row < right.last && !of_products.is_diagonal(); ++row) {
        expect_alike(of_integers.near_column(row), of_products.near_column(row));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, NearTileTest, every_registers(), name_of_registers);

}  // namespace
}  // namespace oodml::products
