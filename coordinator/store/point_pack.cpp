#include "coordinator/store/point_pack.h"

#include <bit>
#include <cstring>
#include <optional>

namespace oodml::coordinator::store {
namespace {

constexpr char kVersion = 1;
constexpr int kBitsOfByte = 7;
constexpr int kMostBits = 63;

void put(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= kBitsOfByte) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

/// Small numbers of either sign become small ones.
std::uint64_t folded(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> kMostBits);
}
std::int64_t unfolded(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

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

template <typename T>
void put_raw(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

/// Takes numbers off the front; after the first that is not there `is_good` is false.
struct Reader {
  std::string_view bytes;
  bool is_good = true;

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift <= kMostBits; shift += kBitsOfByte) {
      if (bytes.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    is_good = false;
    return 0;
  }
  template <typename T>
  T raw() {
    T value{};
    if (bytes.size() < sizeof(T)) {
      is_good = false;
      return value;
    }
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return value;
  }
};

}  // namespace

std::string pack(const std::vector<Point>& points) {
  std::string bytes(1, kVersion);
  put(bytes, points.size());
  Point last;
  for (const Point& point : points) {
    const bool small = fits_float(point.value);
    put(bytes, (folded(difference(point.attempt, last.attempt)) << 1) | (small ? 1 : 0));
    put(bytes, folded(difference(point.sequence, last.sequence)));
    put(bytes, folded(difference(to_millis(point.time), to_millis(last.time))));
    put(bytes, folded(difference(point.series, last.series)));
    put(bytes, folded(difference(point.epoch, last.epoch)));
    if (small) {
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
  // A point has nine bytes and more: what is said of their number cannot make us take memory.
  if (!known || !reader.is_good || count > bytes.size()) {
    return failure(StatusCode::kDataLoss, "stored points of a trial cannot be read");
  }
  std::vector<Point> points;
  points.reserve(count);
  Point last;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t first = reader.number();
    last.attempt = sum(last.attempt, unfolded(first >> 1));
    last.sequence = sum(last.sequence, unfolded(reader.number()));
    last.time = from_millis(sum(to_millis(last.time), unfolded(reader.number())));
    last.series = sum(last.series, unfolded(reader.number()));
    last.epoch = sum(last.epoch, unfolded(reader.number()));
    last.value = (first & 1) != 0 ? static_cast<double>(reader.raw<float>()) : reader.raw<double>();
    points.push_back(last);
  }
  if (!reader.is_good || !reader.bytes.empty()) {
    return failure(StatusCode::kDataLoss, "stored points of a trial cannot be read to their end");
  }
  return points;
}

}  // namespace oodml::coordinator::store
