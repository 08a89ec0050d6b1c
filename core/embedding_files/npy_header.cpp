#include "core/embedding_files/npy_header.h"

#include <charconv>
#include <cstring>
#include <optional>
#include <set>

namespace oodml::embedding_files {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeaderBytes = 64 << 10;
constexpr std::size_t kMaxDimensions = 8;

/// Reads the Python dictionary of the header from left to right; every step says whether it succeeded.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    skip_space();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<std::string> text() {
    skip_space();
    if (rest_.starts_with("u'") || rest_.starts_with("u\"")) rest_.remove_prefix(1);  // Python 2
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const auto end = rest_.find(rest_.front(), 1);
    if (end == rest_.npos) return std::nullopt;
    std::string value(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return value;
  }

  std::optional<std::int64_t> size() {
    skip_space();
    std::int64_t value = 0;
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (parsed.ec != std::errc() || value < 0) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest_.data()));
    if (rest_.starts_with('L')) rest_.remove_prefix(1);  // a long of Python 2
    return value;
  }

  bool starts_with(char wanted) {
    skip_space();
    return rest_.starts_with(wanted);
  }

  bool is_at_end() {
    skip_space();
    return rest_.empty();
  }

 private:
  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

std::optional<std::vector<std::int64_t>> read_shape(Scanner& scanner) {
  std::vector<std::int64_t> shape;
  if (!scanner.take('(')) return std::nullopt;
  while (!scanner.take(')')) {
    const auto size = scanner.size();
    if (!size || shape.size() == kMaxDimensions) return std::nullopt;
    shape.push_back(*size);
    if (!scanner.take(',') && !scanner.starts_with(')')) return std::nullopt;
  }
  return shape;
}

/// One entry of the dictionary; false when it is none that NumPy writes.
bool read_entry(Scanner& scanner, NpyHeader& header, std::set<std::string>& seen) {
  const auto key = scanner.text();
  if (!key || !scanner.take(':') || !seen.insert(*key).second) return false;
  if (*key == "descr") {
    const auto descr = scanner.text();
    header.descr = descr.value_or("");
    return descr.has_value();
  }
  if (*key == "fortran_order") {
    header.fortran_order = scanner.take_word("True");
    return header.fortran_order || scanner.take_word("False");
  }
  if (*key != "shape") return false;
  auto shape = read_shape(scanner);
  if (!shape) return false;
  header.shape = *std::move(shape);
  return true;
}

Failure damaged(const std::string& name, const std::string& what) {
  return failure(StatusCode::kDataLoss, name + ": " + what);
}

}  // namespace

Result<NpyHeader> parse_npy_header(std::string_view bytes, const std::string& name) {
  if (!bytes.starts_with(kMagic) || bytes.size() < 10) {
    return damaged(name, "no NumPy array (.npy): its first bytes differ");
  }
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) {
    return damaged(name, "version " + std::to_string(version) + " of .npy; known are 1 to 3");
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  if (bytes.size() < 8 + length_bytes) return damaged(name, "cut off inside its header");
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, length_bytes);
  NpyHeader header{.data_offset = 8 + length_bytes + length};
  if (length > kMaxHeaderBytes) return damaged(name, "a header of " + std::to_string(length) + " bytes");
  if (header.data_offset > bytes.size()) return damaged(name, "cut off inside its header");

  Scanner scanner(bytes.substr(8 + length_bytes, length));
  std::set<std::string> seen;
  const auto not_understood = [&] {
    return damaged(name,
                   "its header is not {'descr': '<f4', 'fortran_order': False, 'shape': (N, D)} of plain numbers");
  };
  if (bytes.substr(8 + length_bytes, length).find("'descr': [") != bytes.npos) {
    return invalid_argument(name + ": a table of named fields (a structured array); save its columns as one array");
  }
  if (!scanner.take('{')) return not_understood();
  while (!scanner.take('}')) {
    if (!read_entry(scanner, header, seen)) return not_understood();
    if (!scanner.take(',') && !scanner.starts_with('}')) return not_understood();
  }
  if (seen.size() != 3 || !scanner.is_at_end()) return not_understood();
  return header;
}

}  // namespace oodml::embedding_files
