#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::store {

// What owners and labels may have, and what owners had.

struct OwnerShare {
  std::string owner;
  double weight = 1;
  std::int64_t max_parallel = 0;  ///< 0: no limit.
};
/// By owner; of one without a row the usual share.
std::vector<OwnerShare> read_shares(Connection& database);
OwnerShare read_share(Connection& database, const std::string& owner);
void set_share(Connection& database, const OwnerShare& share);

struct LabelLimit {
  Label label;
  std::int64_t max_parallel = 0;
  friend bool operator==(const LabelLimit&, const LabelLimit&) = default;
};
/// By axis and label.
std::vector<LabelLimit> read_label_limits(Connection& database);
/// 0 takes the limit away.
void set_label_limit(Connection& database, const LabelLimit& limit);
/// Of every trial under way that carries the label in one of its sweeps.
std::vector<Situation> situations_with(Connection& database, const Label& label);

/// An attempt's time on a slot, and whose it was.
struct Use {
  std::string owner;
  Time from{};
  std::optional<Time> until;  ///< nullopt: it runs.
};
/// Of attempts that run, or ended after `since`. Charged as situation_of charges their trials now.
std::vector<Use> uses_since(Connection& database, Time since);

}  // namespace oodml::coordinator::store
