#include "coordinator/store/kind_table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "coordinator/store/common_settings.h"
#include "coordinator/store/ids_of.h"
#include "core/job/program.h"

namespace oodml::coordinator::store {
namespace {

std::int64_t integer(const job::TrialSpec& spec, const char* key, std::int64_t otherwise) {
  return spec.values.value_or<std::int64_t>(key, otherwise);
}

std::string network_of(const job::TrialSpec& spec) {
  const std::string program = job::program_of(spec);
  std::string text =
      program.empty() ? spec.values.value_or<std::string>("arch", "an unknown network") : "program " + program;
  const auto add = [&](const char* word, const char* key, std::int64_t usual) {
    const std::int64_t value = integer(spec, key, usual);
    if (value != usual) text += std::string(", ") + word + " " + std::to_string(value);
  };
  add("batch", "batch_size", 0);
  add("crop", "crop_size", 0);
  add("embed_dim", "embed_dim", 0);
  add("replicas", "replicas", 1);
  add("threads", "cpu_threads", 1);
  return text;
}

std::string data_of(const job::TrialSpec& spec) {
  std::string text = spec.values.value_or<std::string>("benchmark", "");
  const auto add = [&](const char* key) {
    if (const Value* value = spec.values.find(key)) text += std::string(" ") + key + "=" + to_display_text(*value);
  };
  add("images_per_class");
  add("validation_fraction");
  add("steps_per_epoch");
  if (epochs_of(spec) == 0 && job::program_of(spec).empty()) text += " untrained";
  return text;
}

/// An untrained network leaves none.
std::int64_t kept_checkpoints(const job::TrialSpec& spec) {
  return epochs_of(spec) == 0 ? 0 : integer(spec, "keep_checkpoints", 1);
}

std::optional<std::int64_t> find_kind(Connection& database, const Kind& kind) {
  Rows rows = database.query("SELECT id FROM kinds WHERE network = ? AND data = ?", kind.network, kind.data);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::int64_t kind_id(Connection& database, const Kind& kind) {
  if (const auto known = find_kind(database, kind)) return *known;
  database.execute("INSERT INTO kinds (network, data, batch) VALUES (?, ?, ?)", kind.network, kind.data, kind.batch);
  return database.last_insert_id();
}

}  // namespace

std::int64_t epochs_of(const job::TrialSpec& spec) { return integer(spec, "epochs", 0); }

Kind kind_of(const job::TrialSpec& spec) {
  return {.network = network_of(spec), .data = data_of(spec), .batch = integer(spec, "batch_size", 0)};
}

void set_kind(Connection& database, TrialId trial, const job::TrialSpec& spec) {
  database.execute(
      "INSERT INTO trial_kinds (trial_id, kind_id, epochs) VALUES (?, ?, ?) ON CONFLICT (trial_id) DO UPDATE SET "
      "kind_id = excluded.kind_id, epochs = excluded.epochs",
      trial, kind_id(database, kind_of(spec)), epochs_of(spec));
}

void fill_kinds(Connection& database) {
  std::int64_t after = 0;
  for (bool more = true; more;) {
    const auto page = ids_of<TrialId>(
        database.query("SELECT trial_id FROM trial_specs WHERE trial_id > ? ORDER BY trial_id LIMIT 1000", after));
    more = !page.empty();
    if (more) after = page.back().value;
    for (const TrialId trial : page) {
      // A damaged specification is told when its trial is claimed; it does not keep the service from starting.
      if (const auto spec = find_settings(database, trial)) set_kind(database, trial, *spec);
    }
  }
}

void add_trial(const job::TrialSpec& spec, Work& work) {
  KindWork& known = work[kind_of(spec)];
  const std::int64_t rounds = std::max<std::int64_t>(epochs_of(spec), 1);
  ++known.trials;
  known.epochs += rounds;
  known.longest = std::max(known.longest, rounds);
  known.checkpoints += kept_checkpoints(spec);
}

Work open_work(Connection& database, SweepId sweep) {
  Work work;
  std::map<Kind, TrialId> examples;
  {
    Rows rows = database.query(
        "SELECT k.network, k.data, k.batch, tk.epochs - CASE t.state WHEN 'running' THEN ifnull((SELECT max(m.epoch) FROM "
        "metric_points m WHERE m.trial_id = t.id AND m.attempt > t.run_from), 0) ELSE 0 END AS epochs_left, count(*), "
        "min(t.id) FROM (SELECT DISTINCT trial_id FROM sweep_trials WHERE sweep_id = ? AND wish != 0) st "
        "JOIN trials t ON t.id = st.trial_id JOIN trial_kinds tk ON tk.trial_id = t.id JOIN kinds k ON k.id = tk.kind_id "
        "WHERE t.state IN ('queued', 'running', 'backoff', 'paused') GROUP BY k.id, epochs_left",
        sweep);
    while (rows.next()) {
      const Kind kind{.network = rows.text(0), .data = rows.text(1), .batch = rows.integer(2)};
      KindWork& known = work[kind];
      const std::int64_t rounds = std::max<std::int64_t>(rows.integer(3), 1), trials = rows.integer(4);
      known.trials += trials;
      known.epochs += trials * rounds;
      known.longest = std::max(known.longest, rounds);
      examples.try_emplace(kind, TrialId{rows.integer(5)});
    }
  }
  for (const auto& [kind, trial] : examples) {
    const auto spec = find_settings(database, trial);
    work[kind].checkpoints = work[kind].trials * (spec ? kept_checkpoints(*spec) : 1);
  }
  return work;
}

void set_checkpoint_bytes(Connection& database, TrialId trial, std::int64_t bytes) {
  database.execute(
      "UPDATE kinds SET checkpoint_bytes = ? WHERE id = (SELECT kind_id FROM trial_kinds WHERE trial_id = ?)", bytes,
      trial);
}

std::int64_t checkpoint_bytes(Connection& database, const std::string& network) {
  Rows rows = database.query("SELECT max(checkpoint_bytes) FROM kinds WHERE network = ?", network);
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace oodml::coordinator::store
