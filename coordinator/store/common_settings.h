#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"
#include "core/job/sweep_plan.h"
#include "core/job/trial_spec.h"

namespace oodml::coordinator::store {

// The trials of a sweep differ in a handful of some eighty settings: what all of them have alike is stored once.

/// The lines that several specifications, as texts of spec_text.h, have in common.
class CommonLines {
 public:
  void add(std::string_view settings);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool first_ = true;
};

/// A row of common_settings.
struct CommonSettings {
  std::int64_t id = 0;
  std::string settings;
};

/// What the trials of a plan have in common; empty for fewer than two trials, or nothing.
std::string common_text_of(const job::SweepPlan& plan);
/// The row of such a text, made when it is new; nullopt for an empty one.
std::optional<CommonSettings> store_common(Connection& database, const std::string& text);

/// A trial's own row; settings that `common` has are left out of it.
void insert_settings(Connection& database, TrialId trial, const job::TrialSpec& spec,
                     const std::optional<CommonSettings>& common);
/// Other settings for a trial that has some; what it shares with its sweep stays shared.
void replace_settings(Connection& database, TrialId trial, const job::TrialSpec& spec);
/// kDataLoss is thrown for settings that cannot be read; a trial without any is a bug.
job::TrialSpec read_settings(Connection& database, TrialId trial);
/// The same; kDataLoss where it is damaged.
Result<job::TrialSpec> find_settings(Connection& database, TrialId trial);

/// Removes the row when no trial is stored against it any more.
void forget_unused(Connection& database, std::int64_t common);

/// Migration 8: stores the trials of every sweep against what they have in common.
void share_settings(Connection& database);

}  // namespace oodml::coordinator::store
