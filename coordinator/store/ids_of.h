#pragma once

#include <vector>

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// The first column of all rows, and the query is over: what is done with them may write.
template <typename Id>
std::vector<Id> ids_of(Rows rows) {
  std::vector<Id> ids;
  while (rows.next()) ids.push_back({rows.integer(0)});
  return ids;
}

}  // namespace oodml::coordinator::store
