#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::data {

/// Numbers and texts one after the other: eight bytes each number, little-endian, and before each text its length.
class ListingWriter {
 public:
  void number(std::int64_t value);
  void text(std::string_view value);
  void texts(const std::vector<std::string>& values);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what a ListingWriter wrote. Once something does not fit the bytes that are there, everything read is empty and
/// failed() is true; no length is believed before.
class ListingReader {
 public:
  explicit ListingReader(std::string_view bytes) : rest_(bytes) {}

  std::int64_t number();
  std::string text();
  std::vector<std::string> texts();
  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  std::string_view take(std::uint64_t size);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace oodml::data
