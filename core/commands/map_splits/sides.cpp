#include "core/commands/map_splits/sides.h"

#include <unordered_map>

namespace oodml::commands {

const char* name_of(Side side) {
  switch (side) {
    case Side::kTrain:
      return "train";
    case Side::kTest:
      return "test";
    case Side::kRemoved:
      break;
  }
  return "removed";
}

std::vector<Side> sides_of(const SplitMaps& maps, const splits::Split& split) {
  std::unordered_map<std::string, Side> of_class;
  for (const std::string& name : split.train) of_class.emplace(name, Side::kTrain);
  for (const std::string& name : split.test) of_class.emplace(name, Side::kTest);
  std::vector<Side> sides;
  for (const std::int64_t number : maps.points.classes) {
    const auto found = of_class.find(maps.class_names[static_cast<std::size_t>(number)]);
    sides.push_back(found == of_class.end() ? Side::kRemoved : found->second);
  }
  return sides;
}

}  // namespace oodml::commands
