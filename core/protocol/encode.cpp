#include <variant>
#include <vector>

#include "core/base/number_text.h"
#include "core/base/utf8.h"
#include "core/protocol/fields.h"
#include "core/protocol/lines.h"

namespace oodml::protocol {
namespace {

struct Field {
  std::string key;
  std::string written;  ///< Escaped.
  bool is_text = false;
};

bool stands_for_itself(unsigned char byte) { return byte > 0x20 && byte <= 126 && byte != '%' && byte != '='; }

void append_escaped(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (stands_for_itself(byte)) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, to_valid_utf8(text));
  return out;
}

/// Takes at least `excess` bytes off the end of an escaped text (or all of it), never inside of a character: a cut
/// escape would read back as other bytes, half a character as no text at all.
void shorten(std::string& text, std::size_t excess) {
  const std::size_t target = text.size() > excess ? text.size() - excess : 0;
  std::size_t keep = 0;
  for (std::size_t position = 0; position < text.size();) {
    std::size_t units = 1;  // escapes in this character
    if (text[position] == '%') {
      const int lead = std::stoi(text.substr(position + 1, 2), nullptr, 16);
      units = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
      units *= 3;
    }
    position += units;
    if (position > target) break;
    keep = position;
  }
  text.resize(keep);
}

std::vector<Field> fields_of(const auto& body, std::string& verb) {
  using Body = std::remove_cvref_t<decltype(body)>;
  verb = Verb<Body>::kName;
  std::vector<Field> fields;
  Verb<Body>::fields(body, [&](const char* key, const auto& value, Presence) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>) {
      fields.push_back({key, escaped(value), true});
    } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, double>) {
      fields.push_back({key, number_text(value), false});
    } else {
      fields.push_back({key, std::to_string(value), false});
    }
  });
  return fields;
}

std::size_t line_length(const std::string& verb, const std::vector<Field>& fields) {
  std::size_t length = verb.size() + 1;  // with the newline
  for (const Field& field : fields) length += 1 + field.key.size() + 1 + field.written.size();
  return length;
}

}  // namespace

std::string encode(const job::EventBody& body) {
  std::string line;
  std::vector<Field> fields = std::visit([&](const auto& typed) { return fields_of(typed, line); }, body);
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    const std::size_t length = line_length(line, fields);
    if (length <= kMaxLine) break;
    if (field->is_text) shorten(field->written, length - kMaxLine);
  }
  for (const Field& field : fields) line += " " + field.key + "=" + field.written;
  return line + "\n";
}

}  // namespace oodml::protocol
