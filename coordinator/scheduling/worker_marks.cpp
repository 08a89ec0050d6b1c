#include "coordinator/scheduling/worker_marks.h"

#include "core/job/worker_name.h"

namespace oodml::coordinator::scheduling {

void WorkerMarks::put(const store::MarkRow& mark) {
  if (mark.mark == WorkerMark::kNone) {
    marks_.erase(mark.worker);
  } else {
    marks_.insert_or_assign(mark.worker, mark);
  }
}

const store::MarkRow* WorkerMarks::find(const WorkerId& worker) const {
  if (marks_.empty()) return nullptr;
  const store::MarkRow* strongest = nullptr;
  for (const std::string& key : {worker.value, job::worker_name(worker)}) {
    const auto found = marks_.find(key);
    if (found == marks_.end()) continue;
    if (!strongest || found->second.mark > strongest->mark) strongest = &found->second;
  }
  return strongest;
}

bool WorkerMarks::is_drained(const WorkerId& worker) const {
  const store::MarkRow* mark = find(worker);
  return mark && mark->mark == WorkerMark::kDrained;
}

const char* WorkerMarks::word(WorkerMark mark) {
  switch (mark) {
    case WorkerMark::kNone:
      return "";
    case WorkerMark::kCordoned:
      return "cordoned";
    case WorkerMark::kDrained:
      return "drained";
  }
  return "";
}

std::string WorkerMarks::text(const store::MarkRow& mark) {
  return (mark.said_by.empty() ? "" : "by " + mark.said_by + " ") + "since " + to_iso8601(mark.since) +
         (mark.reason.empty() ? "" : ": " + mark.reason);
}

}  // namespace oodml::coordinator::scheduling
