#include "core/pads/histogram.h"

#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace oodml::pads {
namespace {

constexpr double kFloor = 1e-15;  // of an initial entry, before it is normalised
constexpr double kSmallest = 1e-25, kLargest = 1e25;
constexpr double kEndOfLow = 0.5;  // of `distance` and `heavyside_low`

using Interval = std::pair<double, double>;
struct Bell {
  double mean, deviation;
};

const std::map<std::string, Interval, std::less<>>& intervals() {
  static const std::map<std::string, Interval, std::less<>> shapes = {{"uniform_low", {0.3, 0.7}},
                                                                      {"uniform_low_and_tight", {0.3, 0.5}},
                                                                      {"uniform_lowish_and_tight", {0.5, 0.7}},
                                                                      {"uniform_avg", {0.8, 1.2}},
                                                                      {"uniform_high", {1.3, 1.7}}};
  return shapes;
}

const std::map<std::string, Bell, std::less<>>& bells() {
  static const std::map<std::string, Bell, std::less<>> shapes = {
      {"normal_low", {0.5, 0.05}}, {"normal_avg", {1.1, 0.04}}, {"normal_high", {1.6, 0.04}}};
  return shapes;
}

torch::Tensor density(const torch::Tensor& x, const Bell& bell) {
  const auto away = (x - bell.mean) / bell.deviation;
  return (-away.square() / 2).exp() / (std::sqrt(2 * std::numbers::pi) * bell.deviation);
}

torch::Tensor heights(const torch::Tensor& x, const std::string& shape) {
  if (const auto interval = intervals().find(shape); interval != intervals().end()) {
    const auto& [low, high] = interval->second;
    return x.ge(low).logical_and(x.le(high)).to(torch::kDouble);
  }
  if (const auto bell = bells().find(shape); bell != bells().end()) return density(x, bell->second);
  if (shape == "distance") return x.lt(kEndOfLow).to(torch::kDouble);
  if (shape == "heavyside_low") return x.le(kEndOfLow).to(torch::kDouble);
  throw std::invalid_argument("unknown initial shape " + shape);
}

}  // namespace

const std::vector<std::string>& initial_shapes() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"random", "distance", "heavyside_low"};
    for (const auto& [name, interval] : intervals()) all.push_back(name);
    for (const auto& [name, bell] : bells()) all.push_back(name);
    return all;
  }();
  return names;
}

torch::Tensor support_edges(const HistogramOptions& options) {
  // Not torch::linspace, which counts its second half from the end: an edge might fall to the other side of a shape.
  const double step = (options.upper - options.lower) / static_cast<double>(options.n_support - 1);
  return torch::arange(options.n_support, torch::kDouble) * step + options.lower;
}

torch::Tensor initial_histogram(const HistogramOptions& options) {
  const std::int64_t bins = options.n_support - 1;
  if (options.init_distr == "random") return torch::ones({bins}, torch::kDouble);
  const auto x = support_edges(options).slice(0, 0, bins) + 2.0 / static_cast<double>(options.n_support);
  const auto entries = heights(x, options.init_distr).clamp(kFloor, 1.0);
  return entries / entries.sum();
}

torch::Tensor bins_of(const torch::Tensor& distances, const torch::Tensor& edges) {
  return at::bucketize(distances, edges.slice(0, 1, edges.size(0) - 1));
}

void SamplingHistogram::multiply(const torch::Tensor& factors) {
  entries_ = (entries_ * factors.to(torch::kDouble)).clamp(kSmallest, kLargest);
}

}  // namespace oodml::pads
