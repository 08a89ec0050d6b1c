#pragma once

#include <torch/types.h>

#include <array>
#include <string>
#include <vector>

#include "core/base/seeds.h"

namespace oodml::toy {

using Point = std::array<double, 2>;

/// A straight piece of the plane, ends included.
struct Segment {
  std::string name;
  Point from, to;
};

/// The four training classes, on the diagonal y = x: their labels are their places here.
const std::vector<Segment>& class_segments();
/// The four test sets: two on a vertical, two on a horizontal line, between and beside the training classes.
const std::vector<Segment>& test_segments();

struct Plane {
  torch::Tensor points;                    ///< [60, 2] float, class after class
  torch::Tensor labels;                    ///< [60] int64 in {0, ..., 3}
  std::vector<torch::Tensor> test_points;  ///< [15, 2] float each, as test_segments()
};

/// Of 100 equally spaced points of each segment 15 different ones drawn at random, in the order of the segment.
/// Source: docs/toy.md#data.
Plane make_plane(const Seeds& seeds);

}  // namespace oodml::toy
