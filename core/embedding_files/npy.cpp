#include "core/embedding_files/npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/base/utf8.h"
#include "core/embedding_files/label_text.h"
#include "core/embedding_files/npy_header.h"

namespace oodml::embedding_files {
namespace {

constexpr std::int64_t kMaxTextLength = 4096;

/// '<f4' taken apart.
struct Descr {
  char order = '<', kind = 'f';
  std::int64_t size = 0;
};

std::optional<Descr> parse_descr(std::string_view text) {
  if (text == "|O") return Descr{.order = '|', .kind = 'O', .size = 8};  // as NumPy writes it, without a width
  if (text.size() < 3) return std::nullopt;
  Descr descr{.order = text[0], .kind = text[1]};
  const auto parsed = std::from_chars(text.data() + 2, text.data() + text.size(), descr.size);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || descr.size < 0) return std::nullopt;
  return descr;
}

std::optional<ElementType> number_type(const Descr& descr) {
  using Kind = ElementType::Kind;
  const bool whole = descr.size == 1 || descr.size == 2 || descr.size == 4 || descr.size == 8;
  if (descr.kind == 'f' && whole && descr.size != 1) return ElementType{Kind::kFloat, descr.size};
  if (descr.kind == 'i' && whole) return ElementType{Kind::kInteger, descr.size};
  if (descr.kind == 'u' && whole) return ElementType{Kind::kUnsigned, descr.size};
  if (descr.kind == 'b' && descr.size == 1) return ElementType{Kind::kBool, 1};
  return std::nullopt;
}

/// Appends a code point; one that is no character becomes U+FFFD.
void append_utf8(std::string& text, std::uint32_t point) {
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) point = 0xfffd;
  if (point < 0x80) {
    text += static_cast<char>(point);
    return;
  }
  const int continuations = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  text += static_cast<char>((0xf00 >> (continuations + 1) & 0xff) | point >> 6 * continuations);
  for (int i = continuations - 1; i >= 0; --i) text += static_cast<char>(0x80 | (point >> 6 * i & 0x3f));
}

std::uint32_t point_at(std::string_view element, std::size_t offset, bool big_endian) {
  std::uint32_t point = 0;
  std::memcpy(&point, element.data() + offset, sizeof(point));
  return big_endian ? __builtin_bswap32(point) : point;
}

/// One element of a text array: UTF-32 (U) or bytes (S), filled up with zeros.
std::string read_text(const Descr& descr, std::string_view element) {
  if (descr.kind == 'S') return as_label(std::string(element.substr(0, element.find_last_not_of('\0') + 1)));
  std::string text;
  for (std::size_t i = 0; i + 4 <= element.size(); i += 4) {
    const std::uint32_t point = point_at(element, i, descr.order == '>');
    if (point == 0) break;
    append_utf8(text, point);
  }
  return text;
}

Result<StoredArray> read_texts(const Descr& descr, const NpyHeader& header, std::string_view data,
                               const std::string& name) {
  const bool is_column = header.shape.size() == 1 || (header.shape.size() == 2 && header.shape[1] == 1);
  if (!is_column || descr.size < 1 || descr.size > kMaxTextLength) {
    return invalid_argument(name + ": texts are read in one column and up to " + std::to_string(kMaxTextLength) +
                            " characters");
  }
  const std::int64_t width = descr.kind == 'U' ? 4 * descr.size : descr.size;
  if (byte_count(header.shape, width) != data.size()) {
    return failure(StatusCode::kDataLoss,
                   name + ": " + std::to_string(data.size()) + " bytes of data do not fit its shape");
  }
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < header.shape[0]; ++i) {
    texts.push_back(read_text(descr, data.substr(static_cast<std::size_t>(i * width), width)));
  }
  return texts;
}

/// What the type is called, and what to do instead.
std::string called(const std::optional<Descr>& descr) {
  switch (descr ? descr->kind : ' ') {
    case 'O':
      return ", Python objects (a list of arrays of unlike lengths, a dict, None), which are not read; save numbers";
    case 'c':
      return ", complex numbers; save real ones";
    case 'M':
    case 'm':
      return ", dates or durations; save numbers";
    case 'V':
      return ", raw bytes (bfloat16 is saved so); save float32";
    case 'f':
      return ", floats of another width; save float64";
    default:
      return "";
  }
}

}  // namespace

Result<StoredArray> parse_npy(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const NpyHeader header, parse_npy_header(bytes, name));
  const std::string_view data = bytes.substr(header.data_offset);
  const auto descr = parse_descr(header.descr);
  const auto type = descr ? number_type(*descr) : std::nullopt;
  if (descr && (descr->kind == 'U' || descr->kind == 'S')) return read_texts(*descr, header, data, name);
  if (!type) {
    return invalid_argument(name + ": elements of type '" + to_valid_utf8(header.descr.substr(0, 40)) + "'" +
                            called(descr) + "; read are f2, f4, f8, i1 to i8, u1 to u8, b1 and texts (U, S)");
  }
  const auto wanted = byte_count(header.shape, type->size);
  if (!wanted || *wanted != data.size()) {
    const std::string needed = wanted ? std::to_string(*wanted) : "too many";
    return failure(StatusCode::kDataLoss,
                   name + ": its shape needs " + needed + " bytes of data, it has " + std::to_string(data.size()));
  }
  return StoredNumbers{.type = *type,
                       .shape = header.shape,
                       .column_major = header.fortran_order,
                       .big_endian = descr->order == '>',
                       .bytes = data};
}

}  // namespace oodml::embedding_files
