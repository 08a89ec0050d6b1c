#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// A figure as a trial told it.
struct Point {
  AttemptEpoch attempt = 0;
  std::int64_t sequence = 0;  ///< Of its event in the attempt.
  Time time{};
  std::int64_t series = 0;
  std::int64_t epoch = 0;
  double value = 0;
  friend bool operator==(const Point& a, const Point& b) = default;
};

/// Points in some ten bytes each, where a row of metric_points takes 34: only what is not as usual after the point
/// before is said, and values that a float holds take four bytes. Every bit comes back.
std::string pack(const std::vector<Point>& points);

/// kDataLoss: it was not made by pack().
Result<std::vector<Point>> unpack(std::string_view bytes);

}  // namespace oodml::coordinator::store
