#include "core/criteria/single_pass/near_distances.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/criteria/single_pass/row_kernels.h"

namespace oodml::criteria {
namespace {

/// A squared distance below this part of the squared lengths has less than 20 correct bits in single precision.
constexpr float kNearPart = 0.1f;
/// Near pairs a row, on average, that are worth looking at one by one.
constexpr std::int64_t kMostNear = 4;
constexpr float kSmallestSquare = 1e-24f;

}  // namespace

NearDistances::NearDistances(PairPass pass, double shift)
    : pass_(std::move(pass)),
      shift_(static_cast<float>(shift)),
      squares_(pass_.rows()),
      sums_(pass_.rows()),
      radial_(pass_.rows()),
      moved_(pass_.rows()),
      weights_(pass_.rows()),
      near_(pass_.rows()) {
  const std::vector<float> ones(pass_.dim(), 1.0f);
  for (std::int64_t i = 0; i < pass_.rows(); ++i) {
    squares_[i] = pass_.squared_length(i);
    sums_[i] = row_kernels().dot(pass_.row(i), ones.data(), pass_.dim());
  }
}

float NearDistances::exact(std::int64_t i, std::int64_t j) const {
  const float *const a = pass_.row(i), *const b = pass_.row(j);
  double sum = 0.0;
  for (std::int64_t k = 0; k < pass_.dim(); ++k) {
    const double difference = static_cast<double>(a[k]) - b[k] + shift_;
    sum += difference * difference;
  }
  return sum < kSmallestSquare ? 0.0f : static_cast<float>(std::sqrt(sum));
}

bool NearDistances::of_row(std::int64_t i, float* distances) {
  const std::int64_t b = pass_.rows();
  const float *const products = pass_.products(i), *const squares = squares_.data(), *const sums = sums_.data();
  const float twice = 2 * shift_, own = squares[i];
  const float beside = own + twice * sums[i] + static_cast<float>(pass_.dim()) * shift_ * shift_;
  for (std::int64_t j = 0; j < b; ++j) {
    const float square = beside + squares[j] - 2 * products[j] - twice * sums[j];
    distances[j] = std::sqrt(square > 0.0f ? square : 0.0f);
  }
  near_[i].clear();
  for (std::int64_t j = 0; j < b; ++j) {
    if (distances[j] * distances[j] >= kNearPart * (own + squares[j])) continue;
    distances[j] = exact(i, j);
    near_[i].push_back(j);
    if (++near_pairs_ > kMostNear * b) return false;
  }
  return true;
}

void NearDistances::add_near(std::int64_t i, std::int64_t j, float weight) {
  float *const to_i = pass_.beside() + i * pass_.dim(), *const to_j = pass_.beside() + j * pass_.dim();
  const float *const a = pass_.row(i), *const b = pass_.row(j);
  for (std::int64_t k = 0; k < pass_.dim(); ++k) {
    const float step = weight * (a[k] - b[k] + shift_);
    to_i[k] += step;
    to_j[k] -= step;
  }
}

void NearDistances::add_derivatives(std::int64_t i, const float* distances, const float* derivatives) {
  const std::int64_t b = pass_.rows();
  float* const weights = weights_.data();  // of half of the squared distances
  for (std::int64_t j = 0; j < b; ++j) weights[j] = derivatives[j] / distances[j];
  for (const std::int64_t j : near_[i]) {
    if (derivatives[j] != 0.0f && distances[j] != 0.0f) add_near(i, j, weights[j]);
    weights[j] = 0.0f;
  }
  const RowKernels& kernels = row_kernels();
  const float sum = kernels.add_scaled(pass_.derivatives(i), weights, -1.0f, b);
  kernels.add_scaled(radial_.data(), weights, 0.5f, b);
  kernels.add_scaled(moved_.data(), weights, -shift_, b);
  radial_[i] += 0.5f * sum;
  moved_[i] += shift_ * sum;
}

torch::Tensor NearDistances::loss(double value, double length_weight) && {
  for (std::int64_t i = 0; i < pass_.rows(); ++i) pass_.derivatives(i)[i] += radial_[i];
  value += pass_.add_mean_length(length_weight);
  return std::move(pass_).loss(value, moved_);
}

}  // namespace oodml::criteria
