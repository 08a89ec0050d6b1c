#include "coordinator/store/script_table.h"

#include <algorithm>

#include "core/catalogue/script_name.h"

namespace oodml::coordinator::store {

void insert_scripts(Connection& database, TrialId trial, const job::TrialSpec& spec, const ScriptSizes& sizes) {
  const std::vector<catalogue::NamedScript> named = catalogue::named_scripts(spec.values);
  if (!std::ranges::all_of(named, [&](const auto& script) { return sizes.contains(script.sha256); })) return;
  for (const catalogue::NamedScript& script : named) {
    database.execute("INSERT OR REPLACE INTO trial_scripts (trial_id, use, file, sha256, bytes) VALUES (?, ?, ?, ?, ?)",
                     trial, script.use, script.file, script.sha256, sizes.at(script.sha256));
  }
}

std::vector<job::ScriptFile> read_scripts(Connection& database, TrialId trial) {
  std::vector<job::ScriptFile> scripts;
  Rows rows =
      database.query("SELECT use, file, sha256, bytes FROM trial_scripts WHERE trial_id = ? ORDER BY use", trial);
  while (rows.next()) {
    scripts.push_back({.use = rows.text(0), .file = rows.text(1), .sha256 = rows.text(2), .bytes = rows.integer(3)});
  }
  return scripts;
}

}  // namespace oodml::coordinator::store
