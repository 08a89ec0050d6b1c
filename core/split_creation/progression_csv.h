#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/split_creation/progression.h"

namespace oodml::split_creation {

/// How a split differs from the one that the progression started with.
struct Moved {
  std::int64_t to_test = 0, to_train = 0;  ///< Classes of the other set at the start.
  std::int64_t removed = 0;                ///< In no set any more.
};
Moved moved(const Entry& entry, const std::vector<std::int64_t>& start_train,
            const std::vector<std::int64_t>& start_test);

/// One line an entry, for plots: run,key,swaps,fid,train,test,moved_to_test,moved_to_train,removed,id. Counts are of
/// classes (superclasses in superclass mode); `id` is that of the split made from the entry, or empty.
std::string progression_csv(const std::vector<Entry>& entries, const std::vector<std::size_t>& chosen,
                            const std::vector<std::int64_t>& start_train, const std::vector<std::int64_t>& start_test);

}  // namespace oodml::split_creation
