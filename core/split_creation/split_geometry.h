#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <vector>

namespace oodml::split_creation {

/// Which e stands in FID = |mu_X - mu_Y|^2 + tr S_X + tr S_Y - 2 tr sqrt((S_X + e I)(S_Y + e I)).
enum class FidForm {
  kCheap,  ///< e = 0. Differs from the other by a few 1e-5.
  kExact,  ///< e = 1e-8, as the reference has it.
};

/// How far apart two sets of classes are, each class one point (its mean), for sets that change a little at a time.
/// Source: docs/splits.md#distance (Milbich et al., NeurIPS 2021, Sec. 3.1).
///
/// C points of D dimensions are first turned into C points of r = min(C, D), with all distances and products kept; what
/// the other D - r dimensions add to the exact form is known. One FID of n and m points then takes
///   * by rows, O(n m r + n m min(n, m)): the singular values of one set's centred points times the other's;
///   * by moments, O(r^3), from second moments that are kept up to date in O(s r^2) when s points move.
/// The cheap form takes what costs less, the exact form the second way. Memory O(C r + r^2).
class SplitGeometry {
 public:
  /// class_means [C, D], finite, C and D > 0.
  SplitGeometry(const torch::Tensor& class_means, FidForm form);

  /// The two sets from now on: classes by number, at least two in each, none twice; others take no part.
  void move_to(const std::vector<std::int64_t>& train, const std::vector<std::int64_t>& test);

  /// The distance of the sets; the same bits whenever the sets are the same without a move in between.
  double fid();

  /// Euclidean distances of all C points to the mean of each set.
  struct Distances {
    std::vector<double> to_train, to_test;
  };
  Distances distances_to_means() const;

 private:
  enum Place : std::int8_t { kTrain, kTest, kOut };
  struct Moments {
    std::int64_t count = 0;
    double squares = 0;    ///< Sum of the squared lengths.
    torch::Tensor sum;     ///< [r]
    torch::Tensor second;  ///< [r, r] sum of outer products; undefined by rows.
  };

  void move(const std::vector<std::int64_t>& classes, Place from, Place to);
  void add(Moments& moments, double sign, const torch::Tensor& rows, const torch::Tensor& products) const;
  torch::Tensor mean(Place place) const { return moments_[place].sum / static_cast<double>(moments_[place].count); }
  double total_variance(Place place) const;
  torch::Tensor centred_rows(Place place) const;
  torch::Tensor covariance(Place place) const;
  double root_trace() const;

  torch::Tensor points_;  ///< [C, r] double, less the mean of all
  std::int64_t dimensions_;
  FidForm form_;
  bool decided_ = false, by_rows_ = false;
  std::vector<Place> places_;  ///< of every class
  std::array<Moments, 2> moments_;
  bool is_measured_ = false;
  double fid_ = 0;
};

/// FID of two sets of points: x [n, D], y [m, D], n and m > 1. 98 + 98 points of 2 048 dimensions take some
/// milliseconds.
double fid(const torch::Tensor& x, const torch::Tensor& y, FidForm form);

}  // namespace oodml::split_creation
