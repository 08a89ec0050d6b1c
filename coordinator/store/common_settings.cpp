#include "coordinator/store/common_settings.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "coordinator/store/ids_of.h"
#include "coordinator/store/spec_text.h"

namespace oodml::coordinator::store {
namespace {

/// Takes the first line, with its end, off a text.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string_view key_of(std::string_view line) { return line.substr(0, line.find(' ')); }

/// Both have one line a key, by key: one walk over the two of them. `alike` and `other` get the lines of `text`.
struct Parts {
  std::string alike, other;
  bool lacks_a_key = false;  ///< of the common part: then that part cannot stand for this text
};
Parts divide(std::string_view text, std::string_view common) {
  Parts parts;
  std::string_view theirs = next_line(common);
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    while (!theirs.empty() && key_of(theirs) < key_of(line)) {
      parts.lacks_a_key = true;
      theirs = next_line(common);
    }
    (line == theirs && line.ends_with('\n') ? parts.alike : parts.other).append(line);
    if (!theirs.empty() && key_of(theirs) == key_of(line)) theirs = next_line(common);
  }
  parts.lacks_a_key = parts.lacks_a_key || !theirs.empty();
  return parts;
}

/// Of a trial whose settings are stored; nullopt: none, or against nothing.
std::optional<CommonSettings> common_of(Connection& database, TrialId trial) {
  Rows rows = database.query(
      "SELECT c.id, c.settings FROM trial_specs s JOIN common_settings c ON c.id = s.common WHERE s.trial_id = ?",
      trial);
  if (!rows.next()) return std::nullopt;
  return CommonSettings{.id = rows.integer(0), .settings = rows.text(1)};
}

/// A row of trial_specs.
struct OwnSettings {
  std::string settings;
  std::optional<std::int64_t> common;
};
OwnSettings own_settings(const std::string& text, const std::optional<CommonSettings>& common) {
  if (!common) return {.settings = text, .common = std::nullopt};
  Parts parts = divide(text, common->settings);
  if (parts.lacks_a_key) return {.settings = text, .common = std::nullopt};
  return {.settings = std::move(parts.other), .common = common->id};
}

void update(Connection& database, TrialId trial, const std::string& text, const std::optional<CommonSettings>& common) {
  const OwnSettings own = own_settings(text, common);
  database.execute("UPDATE trial_specs SET settings = ?, common = ? WHERE trial_id = ?", own.settings, own.common,
                   trial);
}

std::vector<TrialId> trials_to_share(Connection& database, std::int64_t sweep) {
  return ids_of<TrialId>(
      database.query("SELECT DISTINCT st.trial_id FROM sweep_trials st JOIN trial_specs s ON s.trial_id = st.trial_id "
                     "WHERE st.sweep_id = ? AND s.common IS NULL",
                     sweep));
}

/// What was read of texts lately: the trials that are handed out have most of their settings in common, and to read
/// them costs more than all else that a claim does. From any thread.
class RecentSpecs {
 public:
  Result<std::shared_ptr<const job::TrialSpec>> read(std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto known = std::ranges::find(recent_, text, &Entry::text);
    if (known != recent_.end() && known->spec) {
      std::rotate(recent_.begin(), known, known + 1);
      return recent_.front().spec;
    }
    OODML_ASSIGN_OR_RETURN(job::TrialSpec spec, parse_spec(text));
    std::rotate(recent_.begin(), recent_.end() - 1, recent_.end());
    recent_.front() = {.text = std::string(text), .spec = std::make_shared<const job::TrialSpec>(std::move(spec))};
    return recent_.front().spec;
  }

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const job::TrialSpec> spec;
  };
  std::mutex mutex_;                // guards recent_
  std::array<Entry, 16> recent_{};  ///< The last one used first.
};

Result<job::TrialSpec> spec_of(std::string_view common, std::string_view own) {
  static RecentSpecs recent;
  OODML_ASSIGN_OR_RETURN(job::TrialSpec mine, parse_spec(own));
  if (common.empty()) return mine;
  OODML_ASSIGN_OR_RETURN(const auto shared, recent.read(common));
  job::TrialSpec spec = *shared;
  for (const auto& [key, value] : mine.values) spec.values.set(key, value);  // what the trial says itself counts
  return spec;
}

std::string settings_text(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT settings FROM trial_specs WHERE trial_id = ?", trial);
  return rows.next() ? rows.text(0) : "";
}

}  // namespace

void CommonLines::add(std::string_view settings) {
  text_ = first_ ? std::string(settings) : divide(text_, settings).alike;
  first_ = false;
}

std::string common_text_of(const job::SweepPlan& plan) {
  if (plan.trials.size() < 2) return "";
  CommonLines lines;
  for (const job::PlannedTrial& trial : plan.trials) lines.add(to_text(trial.spec));
  return lines.text();
}

std::optional<CommonSettings> store_common(Connection& database, const std::string& text) {
  if (text.empty()) return std::nullopt;
  {
    Rows rows = database.query("SELECT id FROM common_settings WHERE settings = ?", text);
    if (rows.next()) return CommonSettings{.id = rows.integer(0), .settings = text};
  }
  database.execute("INSERT INTO common_settings (settings) VALUES (?)", text);
  return CommonSettings{.id = database.last_insert_id(), .settings = text};
}

void insert_settings(Connection& database, TrialId trial, const job::TrialSpec& spec,
                     const std::optional<CommonSettings>& common) {
  const OwnSettings own = own_settings(to_text(spec), common);
  database.execute("INSERT INTO trial_specs (trial_id, settings, common) VALUES (?, ?, ?)", trial, own.settings,
                   own.common);
}

void replace_settings(Connection& database, TrialId trial, const job::TrialSpec& spec) {
  update(database, trial, to_text(spec), common_of(database, trial));
}

Result<job::TrialSpec> find_settings(Connection& database, TrialId trial) {
  Rows rows = database.query(
      "SELECT s.settings, c.settings FROM trial_specs s LEFT JOIN common_settings c ON c.id = s.common "
      "WHERE s.trial_id = ?",
      trial);
  if (!rows.next()) throw std::logic_error("no specification of trial " + std::to_string(trial.value));
  Result<job::TrialSpec> spec = spec_of(rows.bytes(1), rows.bytes(0));
  if (!spec) return failure(StatusCode::kDataLoss, spec.error().message());
  return spec;
}

job::TrialSpec read_settings(Connection& database, TrialId trial) {
  Result<job::TrialSpec> spec = find_settings(database, trial);
  if (!spec) throw SqliteError(spec.error());
  return *std::move(spec);
}

void forget_unused(Connection& database, std::int64_t common) {
  database.execute(
      "DELETE FROM common_settings WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM trial_specs WHERE common = ?1)", common);
}

void share_settings(Connection& database) {
  const auto sweeps = ids_of<std::int64_t>(database.query("SELECT id FROM sweeps ORDER BY id"));
  for (const std::int64_t sweep : sweeps) {
    const std::vector<TrialId> trials = trials_to_share(database, sweep);
    if (trials.size() < 2) continue;
    CommonLines lines;
    for (const TrialId trial : trials) lines.add(settings_text(database, trial));
    const auto common = store_common(database, lines.text());
    for (const TrialId trial : trials) update(database, trial, settings_text(database, trial), common);
  }
}

}  // namespace oodml::coordinator::store
