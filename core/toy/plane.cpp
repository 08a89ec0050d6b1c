#include "core/toy/plane.h"

#include <algorithm>

#include "core/samplers/draws.h"

namespace oodml::toy {
namespace {

constexpr std::int64_t kSpaced = 100;
constexpr std::int64_t kKept = 15;

/// [15, 2] float
torch::Tensor drawn_points(const Segment& segment, Random random) {
  std::vector<std::int64_t> places = samplers::distinct_below(kSpaced, kKept, random);
  std::ranges::sort(places);
  const auto share = at::tensor(places, at::kDouble).div(static_cast<double>(kSpaced - 1)).unsqueeze(1);  // [15, 1]
  const auto from = at::tensor(segment.from, at::kDouble), to = at::tensor(segment.to, at::kDouble);      // [2]
  return (from + share * (to - from)).to(at::kFloat);
}

}  // namespace

const std::vector<Segment>& class_segments() {
  static const std::vector<Segment> segments = {{"class 0", {0.10, 0.10}, {0.30, 0.30}},
                                                {"class 1", {0.35, 0.35}, {0.55, 0.55}},
                                                {"class 2", {0.60, 0.60}, {0.80, 0.80}},
                                                {"class 3", {0.85, 0.85}, {1.05, 1.05}}};
  return segments;
}

const std::vector<Segment>& test_segments() {
  static const std::vector<Segment> segments = {{"test 0", {0.2, 0.2}, {0.2, 0.4}},
                                                {"test 1", {0.2, 0.55}, {0.2, 0.85}},
                                                {"test 2", {0.4, 0.2}, {0.6, 0.2}},
                                                {"test 3", {0.7, 0.2}, {0.9, 0.2}}};
  return segments;
}

Plane make_plane(const Seeds& seeds) {
  Plane plane;
  std::vector<torch::Tensor> classes;
  for (std::uint64_t i = 0; i < class_segments().size(); ++i) {
    classes.push_back(drawn_points(class_segments()[i], seeds.stream("toy class", {i})));
  }
  for (std::uint64_t i = 0; i < test_segments().size(); ++i) {
    plane.test_points.push_back(drawn_points(test_segments()[i], seeds.stream("toy test set", {i})));
  }
  plane.points = at::cat(classes);
  plane.labels = at::arange(static_cast<std::int64_t>(classes.size())).repeat_interleave(kKept);
  return plane;
}

}  // namespace oodml::toy
