#include "coordinator/store/label_condition.h"

#include <nlohmann/json.hpp>

namespace oodml::coordinator::store {

std::string and_has_labels(const WantedLabels& wanted, int parameter) {
  if (wanted.empty()) return "";
  return "AND NOT EXISTS (SELECT 1 FROM json_each(?" + std::to_string(parameter) +
         ") f WHERE coalesce((SELECT value FROM json_each(st.labels) WHERE key = f.key), '') NOT IN "
         "(SELECT value FROM json_each(f.value))) ";
}

std::string bound_labels(const WantedLabels& wanted) { return nlohmann::json(wanted).dump(); }

}  // namespace oodml::coordinator::store
