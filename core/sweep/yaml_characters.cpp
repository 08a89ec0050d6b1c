#include "core/sweep/yaml_characters.h"

#include <algorithm>
#include <array>

#include "core/base/code_point.h"
#include "core/base/utf8.h"

namespace oodml::sweep {
namespace {

constexpr const char* kSpace = "type a plain space";
constexpr const char* kNothing = "take it out";

/// Characters of one kind, and how freely a text must be written to hold them.
struct Odd {
  char32_t first, last;
  const char* name;
  const char* advice;
  Writing accepted_from = Writing::kDescription;
  bool never = false;
};

constexpr std::array kOdd = {
    Odd{0x80, 0x9f, "a control character", kNothing, {}, true},
    Odd{0xa0, 0xa0, "a no-break space", kSpace},
    Odd{0xad, 0xad, "a soft hyphen", kNothing},
    Odd{0x61c, 0x61c, "a mark of writing direction", kNothing, {}, true},
    Odd{0x1680, 0x1680, "a space of another script", kSpace},
    Odd{0x180e, 0x180e, "an invisible separator", kNothing},
    Odd{0x2000, 0x200a, "a space of another width", kSpace},
    Odd{0x200b, 0x200b, "a zero-width space", kNothing},
    Odd{0x200c, 0x200d, "an invisible joiner", kNothing},
    Odd{0x200e, 0x200f, "a mark of writing direction", kNothing, {}, true},
    Odd{0x2010, 0x2015, "a dash", "type '-'", Writing::kQuoted},
    Odd{0x2018, 0x201b, "a curly quote", "type '", Writing::kQuoted},
    Odd{0x201c, 0x201f, "a curly quote", "type \"", Writing::kQuoted},
    Odd{0x2028, 0x2029, "a line separator", "end the line instead", {}, true},
    Odd{0x202a, 0x202e, "a mark of writing direction", kNothing, {}, true},
    Odd{0x202f, 0x202f, "a narrow no-break space", kSpace},
    Odd{0x205f, 0x205f, "a space of another width", kSpace},
    Odd{0x2060, 0x2064, "an invisible joiner", kNothing},
    Odd{0x2066, 0x2069, "a mark of writing direction", kNothing, {}, true},
    Odd{0x2212, 0x2212, "a minus sign of mathematics", "type '-'", Writing::kQuoted},
    Odd{0x2236, 0x2236, "a ratio sign", "type ':'", Writing::kQuoted},
    Odd{0x3000, 0x3000, "an ideographic space", kSpace},
    Odd{0xa789, 0xa789, "a letter that looks like a colon", "type ':'", Writing::kQuoted},
    Odd{0xfe55, 0xfe55, "a small colon", "type ':'", Writing::kQuoted},
    Odd{0xfeff, 0xfeff, "a byte order mark", kNothing},
    Odd{0xff01, 0xff5e, "a full-width character", "", Writing::kQuoted},
};

const Odd* odd_kind(char32_t value) {
  const auto found = std::find_if(kOdd.begin(), kOdd.end(), [&](const Odd& odd) { return value <= odd.last; });
  return found == kOdd.end() || value < found->first ? nullptr : &*found;
}

std::string described(char32_t value, const Odd& odd) {
  constexpr char32_t kToAscii = 0xff01 - '!';
  const std::string advice =
      odd.first == 0xff01 ? std::string("type '") + static_cast<char>(value - kToAscii) + "'" : odd.advice;
  return code_point_name(value) + ", " + odd.name + "; " + advice +
         (odd.accepted_from == Writing::kQuoted ? ", or put the text that holds it in plain quotes" : "");
}

}  // namespace

std::optional<OddCharacter> find_odd(std::string_view text, Writing writing) {
  for (auto found = next_beyond_ascii(text); found; found = next_beyond_ascii(text, found->offset + found->length)) {
    const Odd* odd = odd_kind(found->value);
    if (odd == nullptr || (!odd->never && writing >= odd->accepted_from)) continue;
    return OddCharacter{found->offset, found->length, described(found->value, *odd)};
  }
  return std::nullopt;
}

std::optional<OddCharacter> find_unreadable(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return OddCharacter{0, 2, "byte 0 of the file is not UTF-8 but the beginning of UTF-16; save it as UTF-8"};
  }
  if (const auto offset = first_invalid_utf8(text)) {
    return OddCharacter{*offset, 1, "byte " + std::to_string(*offset) + " of the file is not UTF-8; save it as UTF-8"};
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool ends_line = byte == '\n' || (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if ((byte >= 0x20 && byte != 0x7f) || byte == '\t' || ends_line) continue;
    return OddCharacter{i, 1,
                        "byte " + std::to_string(i) + " of the file is a control character, " + code_point_name(byte) +
                            (byte == '\r' ? "; end the line with a line feed" : "; take it out")};
  }
  return std::nullopt;
}

}  // namespace oodml::sweep
