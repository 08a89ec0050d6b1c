#include "coordinator/store/point_pack.h"

#include <array>
#include <bit>

#include "coordinator/store/packed_bytes.h"

namespace oodml::coordinator::store {
namespace {

using packed::folded, packed::put, packed::put_raw, packed::Reader, packed::unfolded;

constexpr char kVersion = 1;

/// Differences wrap, as what is read may be anything.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

bool fits_float(double value) {
  return std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<float>(value))) ==
         std::bit_cast<std::uint64_t>(value);
}

/// What differs from the point before: attempt, sequence, time, series, epoch.
using Steps = std::array<std::int64_t, 5>;
/// Between two figures of an epoch that were told one after the other. Each step that is as usual is a bit of the head.
constexpr Steps kUsualSteps = {0, 1, 0, 1, 0};
constexpr unsigned char kSmallValue = 1u << 5;

Steps steps_between(const Point& last, const Point& point) {
  return {difference(point.attempt, last.attempt), difference(point.sequence, last.sequence),
          difference(to_millis(point.time), to_millis(last.time)), difference(point.series, last.series),
          difference(point.epoch, last.epoch)};
}

Point after_steps(const Point& last, const Steps& steps) {
  return {.attempt = sum(last.attempt, steps[0]),
          .sequence = sum(last.sequence, steps[1]),
          .time = from_millis(sum(to_millis(last.time), steps[2])),
          .series = sum(last.series, steps[3]),
          .epoch = sum(last.epoch, steps[4])};
}

unsigned char head_of(const Steps& steps) {
  unsigned char head = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] == kUsualSteps[i]) head = static_cast<unsigned char>(head | (1u << i));
  }
  return head;
}

}  // namespace

std::string pack(const std::vector<Point>& points) {
  std::string bytes(1, kVersion);
  put(bytes, points.size());
  Point last;
  for (const Point& point : points) {
    const Steps steps = steps_between(last, point);
    const unsigned char head = head_of(steps) | (fits_float(point.value) ? kSmallValue : 0);
    bytes.push_back(static_cast<char>(head));
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if ((head & (1u << i)) == 0) put(bytes, folded(steps[i]));
    }
    if ((head & kSmallValue) != 0) {
      put_raw(bytes, static_cast<float>(point.value));
    } else {
      put_raw(bytes, point.value);
    }
    last = point;
  }
  return bytes;
}

Result<std::vector<Point>> unpack(std::string_view bytes) {
  Reader reader{.bytes = bytes};
  const bool known = reader.raw<char>() == kVersion;
  const std::uint64_t count = reader.number();
  // A point has five bytes and more: what is said of their number cannot make us take memory.
  if (!known || !reader.is_good || count > bytes.size()) {
    return failure(StatusCode::kDataLoss, "stored points of a trial cannot be read");
  }
  std::vector<Point> points;
  points.reserve(count);
  Point last;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto head = reader.raw<unsigned char>();
    Steps steps = kUsualSteps;
    for (std::size_t step = 0; step < steps.size(); ++step) {
      if ((head & (1u << step)) == 0) steps[step] = unfolded(reader.number());
    }
    last = after_steps(last, steps);
    last.value = (head & kSmallValue) != 0 ? static_cast<double>(reader.raw<float>()) : reader.raw<double>();
    points.push_back(last);
  }
  if (!reader.is_good || !reader.bytes.empty()) {
    return failure(StatusCode::kDataLoss, "stored points of a trial cannot be read to their end");
  }
  return points;
}

}  // namespace oodml::coordinator::store
