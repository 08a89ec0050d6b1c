#pragma once

#include <cmath>
#include <string>

#include "coordinator/cli/output/json.h"
#include "core/base/clock.h"

namespace oodml::cli {

// What single values become in every document.

inline Json time_json(std::int64_t millis) { return millis == 0 ? Json() : Json(to_iso8601(from_millis(millis))); }
inline Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(); }
inline Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

inline Json texts_json(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return Json(std::vector<std::string>(texts.begin(), texts.end()));
}

template <typename T>
Json list_json(const google::protobuf::RepeatedPtrField<T>& items) {
  Json json = Json::array();
  for (const T& item : items) json.push_back(json_of(item));
  return json;
}

inline Json data_json(const google::protobuf::RepeatedPtrField<v1::DataStamp>& stamps) {
  Json json = Json::object();
  for (const auto& stamp : stamps) json[stamp.what()] = stamp.hash();
  return json;
}

}  // namespace oodml::cli
