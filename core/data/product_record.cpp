#include "core/data/product_record.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/base/printable.h"

namespace oodml::data {
namespace {

constexpr std::size_t kMaxPathBytes = 1024;

std::optional<std::int64_t> id_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

/// Empty when `path` is <folder>/<file> and stays below images/.
std::string why_bad_path(std::string_view path) {
  if (path.empty()) return "the path is empty";
  if (path.size() > kMaxPathBytes) return "the path is longer than 1024 bytes";
  if (!is_printable(path)) return "the path has control or non-UTF-8 characters";
  if (path.front() == '/') return "the path is absolute; it is relative to images/";
  std::size_t parts = 0;
  for (std::size_t start = 0; start <= path.size(); ++parts) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return "the path leaves its folder or has empty parts";
    start = end + 1;
  }
  return parts == 2 ? "" : "the path is not <category>/<file>";
}

/// At most five: the fifth says that there are too many.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t start = 0; start <= line.size() && fields.size() <= 4;) {
    const std::size_t end = std::min(line.find(' ', start), line.size());
    fields.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  return fields;
}

}  // namespace

Result<ProductRecord> parse_product_record(std::string_view line) {
  const auto fields = fields_of(line);
  if (fields.size() != 4) return invalid_argument("wants image_id class_id super_class_id path, single spaces between");
  const auto image_id = id_of(fields[0]), class_id = id_of(fields[1]), superclass_id = id_of(fields[2]);
  if (!image_id || !class_id || !superclass_id) return invalid_argument("ids are integers from 1 on, of 64 bits");
  if (const std::string reason = why_bad_path(fields[3]); !reason.empty()) return invalid_argument(reason);

  const std::size_t slash = fields[3].find('/');
  const std::string_view file = fields[3].substr(slash + 1);
  const std::size_t underscore = file.find('_');
  if (underscore == 0 || underscore == std::string_view::npos) return invalid_argument("the file is not <item>_<k>");
  return ProductRecord{.image_id = *image_id,
                       .class_id = *class_id,
                       .superclass_id = *superclass_id,
                       .path = std::string(fields[3]),
                       .folder = std::string(fields[3].substr(0, slash)),
                       .item = std::string(file.substr(0, underscore))};
}

}  // namespace oodml::data
