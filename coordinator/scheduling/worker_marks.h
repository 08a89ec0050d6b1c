#pragma once

#include <map>
#include <string>
#include <vector>

#include "coordinator/store/mark_table.h"
#include "core/base/ids.h"

namespace oodml::coordinator::scheduling {

/// What people said of workers: of one by its id, or of all that have a name. Not thread-safe.
class WorkerMarks {
 public:
  /// A mark of kNone takes it away.
  void put(const store::MarkRow& mark);
  /// The stronger one of its id and its name; nullptr: it takes trials.
  const store::MarkRow* find(const WorkerId& worker) const;
  bool is_drained(const WorkerId& worker) const;
  /// "by alice since 2026-11-22T04:15:47Z: new fans"
  static std::string text(const store::MarkRow& mark);
  static const char* word(WorkerMark mark);  ///< cordoned, drained; empty

 private:
  std::map<std::string, store::MarkRow> marks_;  ///< by id or name
};

}  // namespace oodml::coordinator::scheduling
