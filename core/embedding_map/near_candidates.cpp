#include "core/embedding_map/near_candidates.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace oodml::embedding_map {
namespace {

std::uint64_t entry_of(float key, std::uint32_t row) {
  return static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(key)) << 32 | row;
}

float key_of(std::uint64_t entry) { return std::bit_cast<float>(static_cast<std::uint32_t>(entry >> 32)); }

}  // namespace

NearCandidates::NearCandidates(std::int64_t rows, std::int64_t wanted)
    : wanted_(wanted),
      entries_(static_cast<std::size_t>(rows * 2 * wanted)),
      counts_(static_cast<std::size_t>(rows)),
      limits_(static_cast<std::size_t>(rows), std::numeric_limits<float>::infinity()) {}

std::span<NearCandidates::Entry> NearCandidates::entries(std::int64_t row) {
  return std::span(entries_).subspan(static_cast<std::size_t>(row * 2 * wanted_),
                                     static_cast<std::size_t>(2 * wanted_));
}

void NearCandidates::add(std::int64_t row, const products::NearRows& near) {
  const std::span<Entry> own = entries(row);
  std::int64_t& count = counts_[static_cast<std::size_t>(row)];
  for (std::size_t i = 0; i < near.keys.size(); ++i) {
    if (near.keys[i] > limit(row)) continue;
    own[static_cast<std::size_t>(count++)] = entry_of(near.keys[i], near.rows[i]);
    if (count == 2 * wanted_) keep_wanted(row);
  }
}

void NearCandidates::keep_wanted(std::int64_t row) {
  const std::span<Entry> own = entries(row);
  const auto last = own.begin() + wanted_ - 1;
  std::nth_element(own.begin(), last, own.begin() + counts_[static_cast<std::size_t>(row)]);
  counts_[static_cast<std::size_t>(row)] = wanted_;
  limits_[static_cast<std::size_t>(row)] = key_of(*last);
}

float NearCandidates::finish(std::int64_t row, std::vector<std::int64_t>& found) {
  if (counts_[static_cast<std::size_t>(row)] > wanted_) keep_wanted(row);
  Entry last = 0;
  found.clear();
  for (const Entry entry : entries(row).first(static_cast<std::size_t>(counts_[static_cast<std::size_t>(row)]))) {
    found.push_back(static_cast<std::int64_t>(static_cast<std::uint32_t>(entry)));
    last = std::max(last, entry);
  }
  return key_of(last);
}

}  // namespace oodml::embedding_map
