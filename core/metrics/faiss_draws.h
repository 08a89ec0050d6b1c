#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace oodml::metrics {

/// The first `count` of a random permutation of 0 .. n-1: the rows with which FAISS's clustering begins, for the seed
/// of its parameters. Source: faiss::Clustering, release 1.7.3.
std::vector<std::int64_t> first_centroid_rows(std::int64_t n, std::int64_t count, int seed);

/// The random numbers in [0, 1] with which FAISS chooses the clusters that it splits, always from the same seed.
class SplitDraws {
 public:
  SplitDraws();
  ~SplitDraws();
  float next();

 private:
  struct Generator;
  std::unique_ptr<Generator> generator_;
};

}  // namespace oodml::metrics
