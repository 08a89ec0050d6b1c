#include "core/split_creation/split_geometry.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "core/split_creation/decompose.h"
#include "core/split_creation/trace_of_root.h"

namespace oodml::split_creation {
namespace {

constexpr double kRidge = 1e-8;
constexpr std::int64_t kPointsAtOnce = 2048;

/// The points in min(C, D) dimensions, less their mean: the triangle of a QR decomposition holds all their products.
torch::Tensor few_dimensions(const torch::Tensor& class_means) {
  const auto wide = class_means.detach().to(at::TensorOptions(at::kCPU).dtype(at::kDouble));
  const auto centred = wide - wide.mean(0);
  if (centred.size(0) >= centred.size(1)) return centred.contiguous();
  torch::Tensor triangle;
  decompose(centred.size(0), [&] { triangle = std::get<1>(at::linalg_qr(centred.t(), "r")); });
  return triangle.t().contiguous();  // [C, C]
}

torch::Tensor index_of(const std::vector<std::int64_t>& classes) { return at::tensor(classes, at::kLong); }

std::vector<double> distances_to(const torch::Tensor& points, const torch::Tensor& mean) {
  auto distances = at::empty({points.size(0)}, points.options());
  for (std::int64_t first = 0; first < points.size(0); first += kPointsAtOnce) {
    const std::int64_t count = std::min(kPointsAtOnce, points.size(0) - first);
    distances.narrow(0, first, count).copy_((points.narrow(0, first, count) - mean).norm(2, {1}));
  }
  const double* const values = distances.const_data_ptr<double>();
  return {values, values + distances.numel()};
}

}  // namespace

SplitGeometry::SplitGeometry(const torch::Tensor& class_means, FidForm form)
    : points_(few_dimensions(class_means)),
      dimensions_(class_means.size(1)),
      form_(form),
      places_(static_cast<std::size_t>(class_means.size(0)), kOut) {
  for (Moments& moments : moments_) moments.sum = at::zeros({points_.size(1)}, points_.options());
}

void SplitGeometry::move_to(const std::vector<std::int64_t>& train, const std::vector<std::int64_t>& test) {
  const at::NoGradGuard no_grad;
  if (train.size() < 2 || test.size() < 2) throw std::invalid_argument("a set of a split needs two classes");
  if (!decided_) {
    const auto n = static_cast<double>(train.size()), m = static_cast<double>(test.size());
    const auto r = static_cast<double>(points_.size(1));
    by_rows_ = form_ == FidForm::kCheap && n * m * std::min(n, m) <= r * r * r;
    decided_ = true;
  }
  std::vector<Place> places(places_.size(), kOut);
  for (const std::int64_t number : train) places.at(static_cast<std::size_t>(number)) = kTrain;
  for (const std::int64_t number : test) places.at(static_cast<std::size_t>(number)) = kTest;
  for (const Place from : {kTrain, kTest, kOut}) {
    for (const Place to : {kTrain, kTest, kOut}) {
      if (from == to) continue;
      std::vector<std::int64_t> movers;
      for (std::size_t i = 0; i < places.size(); ++i) {
        if (places_[i] == from && places[i] == to) movers.push_back(static_cast<std::int64_t>(i));
      }
      if (!movers.empty()) move(movers, from, to);
    }
  }
  places_ = std::move(places);
}

void SplitGeometry::move(const std::vector<std::int64_t>& classes, Place from, Place to) {
  const auto rows = points_.index_select(0, index_of(classes));  // [s, r]
  const auto products = by_rows_ ? torch::Tensor() : rows.t().mm(rows);
  if (from != kOut) add(moments_[from], -1, rows, products);
  if (to != kOut) add(moments_[to], 1, rows, products);
  is_measured_ = false;
}

void SplitGeometry::add(Moments& moments, double sign, const torch::Tensor& rows, const torch::Tensor& products) const {
  moments.count += static_cast<std::int64_t>(sign) * rows.size(0);
  moments.squares += sign * rows.square().sum().item<double>();
  moments.sum.add_(rows.sum(0), sign);
  if (by_rows_) return;
  if (!moments.second.defined()) moments.second = at::zeros_like(products);
  moments.second.add_(products, sign);
}

double SplitGeometry::total_variance(Place place) const {
  const Moments& moments = moments_[place];
  const double of_mean = moments.sum.square().sum().item<double>() / static_cast<double>(moments.count);
  return (moments.squares - of_mean) / static_cast<double>(moments.count - 1);
}

torch::Tensor SplitGeometry::centred_rows(Place place) const {
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i] == place) classes.push_back(static_cast<std::int64_t>(i));
  }
  return points_.index_select(0, index_of(classes)) - mean(place);
}

torch::Tensor SplitGeometry::covariance(Place place) const {
  const Moments& moments = moments_[place];
  auto covariance = moments.second - at::outer(moments.sum, moments.sum) / static_cast<double>(moments.count);
  covariance.div_(static_cast<double>(moments.count - 1));
  if (form_ == FidForm::kExact) covariance.diagonal().add_(kRidge);
  return covariance;
}

double SplitGeometry::root_trace() const {
  if (by_rows_) {
    const auto n = static_cast<double>(moments_[kTrain].count), m = static_cast<double>(moments_[kTest].count);
    return sum_of_singular_values(centred_rows(kTrain).mm(centred_rows(kTest).t())) / std::sqrt((n - 1) * (m - 1));
  }
  const double elsewhere = form_ == FidForm::kExact ? kRidge * static_cast<double>(dimensions_ - points_.size(1)) : 0.0;
  return trace_of_root(covariance(kTrain), covariance(kTest)) + elsewhere;
}

double SplitGeometry::fid() {
  const at::NoGradGuard no_grad;
  if (!is_measured_) {
    const double gap = (mean(kTrain) - mean(kTest)).square().sum().item<double>();
    fid_ = gap + total_variance(kTrain) + total_variance(kTest) - 2 * root_trace();
    is_measured_ = true;
  }
  return fid_;
}

SplitGeometry::Distances SplitGeometry::distances_to_means() const {
  const at::NoGradGuard no_grad;
  return {distances_to(points_, mean(kTrain)), distances_to(points_, mean(kTest))};
}

double fid(const torch::Tensor& x, const torch::Tensor& y, FidForm form) {
  SplitGeometry geometry(at::cat({x, y}), form);
  std::vector<std::int64_t> train(static_cast<std::size_t>(x.size(0))), test(static_cast<std::size_t>(y.size(0)));
  std::iota(train.begin(), train.end(), std::int64_t{0});
  std::iota(test.begin(), test.end(), x.size(0));
  geometry.move_to(train, test);
  return geometry.fid();
}

}  // namespace oodml::split_creation
