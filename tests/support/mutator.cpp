#include "tests/support/mutator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "core/base/seeds.h"

namespace oodml::testing {
namespace {

constexpr std::array<std::string_view, 16> kNumbers = {"0",
                                                       "-1",
                                                       "1",
                                                       "2",
                                                       "255",
                                                       "65536",
                                                       "2147483647",
                                                       "-2147483648",
                                                       "4294967296",
                                                       "9223372036854775807",
                                                       "-9223372036854775808",
                                                       "99999999999999999999",
                                                       "1e308",
                                                       "1e-320",
                                                       "nan",
                                                       "-inf"};
constexpr std::array<std::uint64_t, 12> kExtremes = {
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, ~std::uint64_t{0}};

class Damage {
 public:
  Damage(const Corpus& corpus, std::uint64_t number) : corpus_(corpus), random_(number) {}

  void change(std::string& bytes) {
    if (bytes.empty()) return insert(bytes, 0);
    const std::size_t at = below(bytes.size());
    const std::size_t length = std::min(bytes.size() - at, 1 + below(below(8) == 0 ? 256 : 16));
    switch (below(10)) {
      case 0:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(at, length);
        break;
      case 4:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 5:
        insert(bytes, at);
        break;
      case 6:
        binary_number(bytes, at);
        break;
      case 7:
        text_number(bytes, at);
        break;
      case 8:
        swap_halves(bytes.data() + at, length);
        break;
      default:
        splice(bytes, at, length);
    }
  }

  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(end))); }

 private:
  void insert(std::string& bytes, std::size_t at) {
    if (corpus_.words.empty())
      bytes.insert(at, 1, static_cast<char>(below(256)));
    else
      bytes.insert(at, corpus_.words[below(corpus_.words.size())]);
  }

  static void swap_halves(char* bytes, std::size_t length) {
    std::swap_ranges(bytes, bytes + length / 2, bytes + length / 2);
  }

  /// Lengths and counts of a binary format: one to eight bytes become an extreme, in either byte order.
  void binary_number(std::string& bytes, std::size_t at) {
    const std::size_t width = std::min(bytes.size() - at, std::size_t{1} << below(4));
    const std::uint64_t value = kExtremes[below(kExtremes.size())];
    const bool little = below(2) == 0;
    for (std::size_t i = 0; i < width; ++i) {
      bytes[at + (little ? i : width - 1 - i)] = static_cast<char>(value >> 8 * i & 0xFF);
    }
  }

  /// The next number written in digits becomes another.
  void text_number(std::string& bytes, std::size_t at) {
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    const auto first = std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), digit);
    const auto last = std::find_if_not(first, bytes.end(), digit);
    bytes.replace(first, last, kNumbers[below(kNumbers.size())]);
  }

  void splice(std::string& bytes, std::size_t at, std::size_t length) {
    const std::string& other = corpus_.seeds[below(corpus_.seeds.size())];
    if (!other.empty()) bytes.replace(at, length, other.substr(below(other.size()), 1 + below(32)));
  }

  const Corpus& corpus_;
  Random random_;
};

}  // namespace

std::string damaged(const Corpus& corpus, std::uint64_t number) {
  std::string bytes = corpus.seeds.at(number % corpus.seeds.size());
  Damage damage(corpus, number);
  for (std::size_t change = 1 + damage.below(4); change-- > 0;) damage.change(bytes);
  return bytes;
}

}  // namespace oodml::testing
