#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// A product of Stanford Online Products: one class.
struct Product {
  std::string item;  ///< The class name: its files' names up to the first underscore.
  std::int64_t superclass = 0;
  std::string folder;  ///< Of the category: the superclass's name.
  bool train = false;
  std::string first_seen;          ///< file:line
  std::vector<std::string> paths;  ///< Below images/, in the order of the lines.
};

/// What the info files say (docs/data.md#layouts): a header line, then `image_id class_id super_class_id path`, single
/// spaces between. Blank lines are passed over. Every other line is checked as it comes in.
struct Products {
  std::map<std::int64_t, Product> classes;  ///< By class id.
  std::vector<Superclass> superclasses;     ///< In the order in which the lines name them, with their first folder.
  std::unordered_map<std::int64_t, std::string> folder_of_superclass;
  std::vector<std::string> notes;  ///< Superclasses of more than one folder.
  std::unordered_map<std::string, std::int64_t> id_of_item;
  std::unordered_set<std::string> paths;
};

/// Adds the records of `text`, which is Ebay_train.txt if `train`, else Ebay_test.txt. kInvalidArgument names file,
/// line, reason and the line itself: fields that are missing or no ids, paths that leave images/, an image, item or
/// class that is there twice, a class of two superclasses, folders or info files. `file` is what messages call it.
Status add_product_info(std::string_view text, const std::string& file, bool train, Products& products);

}  // namespace oodml::data
