#include "coordinator/store/trial_need.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "coordinator/store/spec_text.h"
#include "core/catalogue/script_name.h"
#include "core/catalogue/weights.h"
#include "core/job/program.h"
#include "core/splits/split_file_name.h"

namespace oodml::coordinator::store {
namespace {

/// Workers tell the ids of the usual split file alone; whether another has the split, the trial sees when it begins.
bool is_announced(const job::TrialSpec& spec) {
  return spec.values.value_or<std::string>("split_file", splits::kUsualSplitFile) == splits::kUsualSplitFile;
}

/// A submission is taken only when the contents of all hashes that its trials say are here.
job::Scripts scripts_of(const job::TrialSpec& spec) {
  if (!catalogue::names_scripts(spec.values)) return job::Scripts::kNone;
  const auto travels = [](const catalogue::NamedScript& script) { return !script.sha256.empty(); };
  return std::ranges::all_of(catalogue::named_scripts(spec.values), travels) ? job::Scripts::kTravel
                                                                             : job::Scripts::kOnWorker;
}

}  // namespace

job::Need need_of(const job::TrialSpec& spec) {
  const std::string tested = spec.values.value_or<std::string>("test_benchmark", "none");
  return {.benchmark = spec.benchmark(),
          .split = is_announced(spec) ? spec.split() : "default",
          .test_benchmark = tested == "none" ? "" : tested,
          .weights = catalogue::weights_file(spec.values),
          .cpu_threads = spec.values.value_or<std::int64_t>("cpu_threads", 1),
          .replicas = spec.values.value_or<std::int64_t>("replicas", 1),
          .gpu_memory_mib = spec.values.value_or<std::int64_t>("gpu_memory_mib", 0),
          .program = job::program_of(spec),
          .scripts = scripts_of(spec)};
}

std::string with_need_columns(const char* before, const char* after) {
  std::string sql = before;
  sql.append(
      " benchmark, split, cpu_threads, replicas, test_benchmark, weights, gpu_memory_mib, needs_program, needs_scripts ");
  return sql.append(after);
}

job::Need need_at(const Rows& rows, int first_column) {
  const auto column = [&](int place) { return first_column + place; };
  return {.benchmark = rows.text(column(0)),
          .split = rows.text(column(1)),
          .test_benchmark = rows.text(column(4)),
          .weights = rows.text(column(5)),
          .cpu_threads = rows.integer(column(2)),
          .replicas = rows.integer(column(3)),
          .gpu_memory_mib = rows.integer(column(6)),
          .program = rows.text(column(7)),
          .scripts = static_cast<job::Scripts>(std::clamp<std::int64_t>(rows.integer(column(8)), 0, 2))};
}

void set_need(Connection& database, TrialId trial, const job::Need& need) {
  database.execute(
      "UPDATE trials SET benchmark = ?, split = ?, cpu_threads = ?, replicas = ?, test_benchmark = ?, weights = ?, "
      "gpu_memory_mib = ?, needs_program = ?, needs_scripts = ? WHERE id = ?",
      need.benchmark, need.split, need.cpu_threads, need.replicas, need.test_benchmark, need.weights,
      need.gpu_memory_mib, need.program, static_cast<std::int64_t>(need.scripts), trial);
}

void fill_needs(Connection& database) {
  std::vector<std::pair<TrialId, job::Need>> needs;
  {
    Rows rows = database.query(
        "SELECT t.id, s.settings FROM trials t JOIN trial_specs s ON s.trial_id = t.id WHERE t.state != 'succeeded'");
    while (rows.next()) {
      // A damaged specification is told when its trial is claimed; it does not keep the service from starting.
      if (const auto spec = parse_spec(rows.text(1))) needs.emplace_back(TrialId{rows.integer(0)}, need_of(*spec));
    }
  }
  for (const auto& [trial, need] : needs) {  // the columns of that version
    database.execute(
        "UPDATE trials SET benchmark = ?, split = ?, cpu_threads = ?, replicas = ?, test_benchmark = ?, weights = ?, "
        "gpu_memory_mib = ? WHERE id = ?",
        need.benchmark, need.split, need.cpu_threads, need.replicas, need.test_benchmark, need.weights,
        need.gpu_memory_mib, trial);
  }
}

}  // namespace oodml::coordinator::store
