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
      sums_(pass_.rows()),
      radial_(pass_.rows()),
      moved_(pass_.rows()) {
  const std::vector<float> ones(pass_.dim(), 1.0f);
  for (std::int64_t i = 0; i < pass_.rows(); ++i) sums_[i] = row_kernels().dot(pass_.row(i), ones.data(), pass_.dim());
}

bool NearDistances::is_near(std::int64_t i, std::int64_t j) const {
  const float lengths = pass_.squared_length(i) + pass_.squared_length(j);
  return lengths - 2 * pass_.products(i)[j] < kNearPart * lengths;
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
  const float* const products = pass_.products(i);
  const float beside =
      pass_.squared_length(i) + 2 * shift_ * sums_[i] + static_cast<float>(pass_.dim()) * shift_ * shift_;
  for (std::int64_t j = 0; j < b; ++j) {
    const float square = beside + pass_.squared_length(j) - 2 * products[j] - 2 * shift_ * sums_[j];
    distances[j] = std::sqrt(std::max(square, 0.0f));
  }
  for (std::int64_t j = 0; j < b; ++j) {
    if (!is_near(i, j)) continue;
    distances[j] = exact(i, j);
    if (++near_ > kMostNear * b) return false;
  }
  return true;
}

void NearDistances::add_derivatives(std::int64_t i, const float* distances, const float* derivatives) {
  float* const of_products = pass_.derivatives(i);
  for (std::int64_t j = 0; j < pass_.rows(); ++j) {
    if (derivatives[j] == 0.0f || distances[j] == 0.0f) continue;
    const float weight = derivatives[j] / distances[j];  // twice that in the squared distance
    if (is_near(i, j)) {
      float *const to_i = pass_.beside() + i * pass_.dim(), *const to_j = pass_.beside() + j * pass_.dim();
      const float *const a = pass_.row(i), *const b = pass_.row(j);
      for (std::int64_t k = 0; k < pass_.dim(); ++k) {
        const float step = weight * (a[k] - b[k] + shift_);
        to_i[k] += step;
        to_j[k] -= step;
      }
      continue;
    }
    of_products[j] -= weight;
    radial_[i] += 0.5f * weight;
    radial_[j] += 0.5f * weight;
    moved_[i] += weight * shift_;
    moved_[j] -= weight * shift_;
  }
}

torch::Tensor NearDistances::loss(double value, double length_weight) && {
  for (std::int64_t i = 0; i < pass_.rows(); ++i) pass_.derivatives(i)[i] += radial_[i];
  value += pass_.add_mean_length(length_weight);
  return std::move(pass_).loss(value, moved_);
}

}  // namespace oodml::criteria
