#include "core/data/listing_bytes.h"

namespace oodml::data {

void ListingWriter::number(std::int64_t value) {
  for (int byte = 0; byte < 8; ++byte) bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * byte);
}

void ListingWriter::text(std::string_view value) {
  number(static_cast<std::int64_t>(value.size()));
  bytes_ += value;
}

void ListingWriter::texts(const std::vector<std::string>& values) {
  number(static_cast<std::int64_t>(values.size()));
  for (const std::string& value : values) text(value);
}

std::string_view ListingReader::take(std::uint64_t size) {
  if (failed_ || size > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::int64_t ListingReader::number() {
  std::uint64_t value = 0;
  int shift = 0;
  for (const char byte : take(8)) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(byte)) << shift;
    shift += 8;
  }
  return static_cast<std::int64_t>(value);
}

std::string ListingReader::text() { return std::string(take(static_cast<std::uint64_t>(number()))); }

std::vector<std::string> ListingReader::texts() {
  std::vector<std::string> values;
  const auto count = static_cast<std::uint64_t>(number());
  if (count > rest_.size() / 8) {  // each has its length before it
    failed_ = true;
    return {};
  }
  for (std::uint64_t i = 0; i < count && !failed_; ++i) values.push_back(text());
  return failed_ ? std::vector<std::string>() : values;
}

}  // namespace oodml::data
