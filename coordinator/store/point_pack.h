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

/// Points in some 13 bytes each, where a row of metric_points takes 34: differences to the point before, and values
/// that a float holds in four bytes. Every bit comes back, of attempts below 2^60.
std::string pack(const std::vector<Point>& points);

/// kDataLoss: it was not made by pack().
Result<std::vector<Point>> unpack(std::string_view bytes);

}  // namespace oodml::coordinator::store
