#include "core/splits/split_changes.h"

#include <unordered_set>

namespace oodml::splits {
namespace {

using NameSet = std::unordered_set<std::string_view>;

NameSet set_of(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

}  // namespace

SplitChanges changes_since(const Split& base, const Split& split) {
  const NameSet train = set_of(split.train), test = set_of(split.test);
  SplitChanges changes;
  for (const std::string& name : base.train) {
    if (test.contains(name)) changes.into_test.push_back(name);
    if (!test.contains(name) && !train.contains(name)) changes.left_out.push_back(name);
  }
  for (const std::string& name : base.test) {
    if (train.contains(name)) changes.into_train.push_back(name);
    if (!test.contains(name) && !train.contains(name)) changes.left_out.push_back(name);
  }
  const NameSet base_train = set_of(base.train), base_test = set_of(base.test);
  for (const auto* names : {&split.train, &split.test}) {
    for (const std::string& name : *names) {
      if (!base_train.contains(name) && !base_test.contains(name)) changes.added.push_back(name);
    }
  }
  return changes;
}

}  // namespace oodml::splits
