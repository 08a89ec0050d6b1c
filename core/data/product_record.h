#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::data {

/// A line of SOP's info files, taken apart.
struct ProductRecord {
  std::int64_t image_id = 0, class_id = 0, superclass_id = 0;  ///< From 1 on.
  std::string path;                                            ///< <category>/<item>_<k>.<ending>, below images/
  std::string folder;                                          ///< <category>
  std::string item;
};

/// The failure is the reason alone.
Result<ProductRecord> parse_product_record(std::string_view line);

}  // namespace oodml::data
