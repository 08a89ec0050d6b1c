#pragma once

#include <string>
#include <vector>

#include "core/splits/split_file.h"

namespace oodml::splits {

/// How a split differs from another of its file: which classes changed sides, in the order of `base`'s lists.
struct SplitChanges {
  std::vector<std::string> into_train;  ///< Test classes of the base that train here.
  std::vector<std::string> into_test;   ///< Training classes of the base that are tested here.
  std::vector<std::string> left_out;    ///< Classes of the base in neither set here.
  std::vector<std::string> added;       ///< Classes here that the base does not have.
};

SplitChanges changes_since(const Split& base, const Split& split);

}  // namespace oodml::splits
