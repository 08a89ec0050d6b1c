#pragma once

#include <string>
#include <vector>

#include "coordinator/service/sharing.h"
#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// What a person said of a worker.
struct MarkRow {
  std::string worker;  ///< An id, or a name that several may have.
  WorkerMark mark = WorkerMark::kCordoned;
  std::string reason, said_by;
  Time since{};
};
/// By worker.
std::vector<MarkRow> read_marks(Connection& database);
void set_mark(Connection& database, const MarkRow& mark);
void delete_mark(Connection& database, const std::string& worker);

}  // namespace oodml::coordinator::store
