#include "core/data/product_info.h"

#include <algorithm>

#include "core/base/printable.h"
#include "core/data/product_record.h"

namespace oodml::data {
namespace {

std::string id_text(std::int64_t id) { return "class " + std::to_string(id); }

void note_superclass(Products& products, const ProductRecord& record, const std::string& place) {
  const auto [known, is_new] = products.folder_of_superclass.try_emplace(record.superclass_id, record.folder);
  if (is_new) {
    products.superclasses.push_back({record.superclass_id, record.folder});
  } else if (known->second != record.folder) {
    products.notes.push_back(place + ": superclass " + std::to_string(record.superclass_id) + " is folder " +
                             printable(record.folder) + " here and " + printable(known->second) + " before");
  }
}

Status note_class(Products& products, const ProductRecord& record, bool train, const std::string& place) {
  const auto [item, is_new] = products.id_of_item.try_emplace(record.item, record.class_id);
  if (!is_new) {
    return invalid_argument("item " + printable(record.item) + " belongs to " + id_text(item->second) + " and to " +
                            id_text(record.class_id));
  }
  products.classes[record.class_id] = {record.item, record.superclass_id, record.folder, train, place, {}};
  note_superclass(products, record, place);
  return {};
}

/// What a further line of a class must repeat.
Status check_same_class(const Product& product, const ProductRecord& record, bool train) {
  const std::string id = id_text(record.class_id), first = " at " + product.first_seen;
  if (product.train != train) return invalid_argument(id + " is in both info files, first" + first);
  if (product.superclass != record.superclass_id) {
    return invalid_argument(id + " is in superclass " + std::to_string(record.superclass_id) + " here and in " +
                            std::to_string(product.superclass) + first);
  }
  if (product.item != record.item) {
    return invalid_argument(id + " has item " + printable(record.item) + " here and " + printable(product.item) +
                            first);
  }
  if (product.folder != record.folder) {
    return invalid_argument(id + " is in folder " + printable(record.folder) + " here and in " +
                            printable(product.folder) + first);
  }
  return {};
}

Status add_record(Products& products, ProductRecord record, bool train, const std::string& place) {
  const auto known = products.classes.find(record.class_id);
  if (known == products.classes.end()) {
    OODML_RETURN_IF_ERROR(note_class(products, record, train, place));
  } else {
    OODML_RETURN_IF_ERROR(check_same_class(known->second, record, train));
  }
  if (!products.paths.insert(record.path).second) return invalid_argument("the path is there twice");
  products.classes[record.class_id].paths.push_back(std::move(record.path));
  return {};
}

/// Image ids are numbers of lines: within one file each is there once.
class ImageIds {
 public:
  Status add(std::int64_t id, std::int64_t line) {
    const auto [known, is_new] = line_of_.try_emplace(id, line);
    if (is_new) return {};
    return invalid_argument("image id " + std::to_string(id) + " is also that of line " +
                            std::to_string(known->second));
  }

 private:
  std::unordered_map<std::int64_t, std::int64_t> line_of_;
};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Failure no_header(const std::string& place, std::string_view line) {
  return invalid_argument(place + ": wants the header line image_id class_id super_class_id path: '" + printable(line) +
                          "'");
}

}  // namespace

Status add_product_info(std::string_view text, const std::string& file, bool train, Products& products) {
  ImageIds images;
  std::string_view rest = text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  bool has_header = false;
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    const std::string place = file + ":" + std::to_string(number);
    if (!has_header) {
      if (!line.starts_with("image_id ")) return no_header(place, line);
      has_header = true;
      continue;
    }
    Result<ProductRecord> record = parse_product_record(line);
    Status status = record ? images.add(record->image_id, number) : Status(record.error());
    if (status.ok()) status = add_record(products, *std::move(record), train, place);
    if (!status.ok()) return failure(status.code(), place + ": " + status.message() + ": '" + printable(line) + "'");
  }
  if (!has_header) return no_header(file + ":1", "");
  return {};
}

}  // namespace oodml::data
