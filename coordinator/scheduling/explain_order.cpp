#include "coordinator/scheduling/explain_order.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/words.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr std::size_t kMostAhead = 100;

std::string who(const std::string& owner) { return owner.empty() ? "who gave no name" : owner; }

/// Groups that wait for the same slots as the trial, and are held by no limit.
std::vector<TrialQueue::Group> rivals_of(const OrderGlance& glance) {
  std::map<job::Need, bool> meet;
  std::vector<TrialQueue::Group> rivals;
  for (const TrialQueue::Group& group : glance.groups) {
    if (!glance.limits.allow(group.charge)) continue;
    const auto [known, is_new] = meet.try_emplace(group.line.need, false);
    if (is_new) known->second = glance.workers.share_a_slot(group.line.need, glance.trial->line.need);
    if (known->second) rivals.push_back(group);
  }
  std::ranges::sort(rivals, [](const auto& a, const auto& b) { return goes_before(a.first, b.first); });
  return rivals;
}

std::string why_own(const TrialQueue::Group& group, const store::Turn& turn) {
  if (group.charge.sweep == turn.sweep) return "earlier in the same sweep";
  if (group.first.priority > turn.priority) return "priority " + std::to_string(group.first.priority);
  return "waits for longer";
}

std::string why_other(const OrderGlance& glance, const std::string& owner, const std::string& own) {
  const double theirs = glance.shares.level(owner, glance.now), ours = glance.shares.level(own, glance.now);
  return who(owner) + (theirs < ours ? " has less of its share" : " takes turns with " + who(own));
}

/// Trials of the trial's own owner.
void add_own(const OrderGlance& glance, OrderView& view) {
  for (const auto& [sweep, trials] : glance.own_before) {
    const auto group =
        std::ranges::find_if(glance.groups, [&](const TrialQueue::Group& one) { return one.charge.sweep == sweep; });
    if (group == glance.groups.end()) continue;
    view.ahead.push_back({.owner = group->charge.owner,
                          .sweep = sweep,
                          .sweep_name = {},
                          .trials = trials,
                          .why = why_own(*group, glance.trial->turn)});
    view.trials_ahead += trials;
  }
}

/// Those of others that are handed out until its owner has had so many: each goes as long as it has less of its share.
void add_others(const OrderGlance& glance, OrderView& view) {
  const std::string& own = glance.trial->charge.owner;
  const double until =
      glance.shares.level(own, glance.now) + glance.shares.step(own) * static_cast<double>(view.trials_ahead);
  std::map<std::string, double> room;  // trials that an owner may still have before
  std::map<SweepId, AheadView> by_sweep;
  for (const TrialQueue::Group& group : rivals_of(glance)) {
    const std::string& owner = group.charge.owner;
    if (owner == own) continue;
    const auto [left, is_new] = room.try_emplace(owner, 0);
    if (is_new) {
      const double short_of = until - glance.shares.level(owner, glance.now);
      left->second = std::max(0.0, std::ceil(short_of / glance.shares.step(owner)));
    }
    const std::int64_t taken = std::min(group.trials, static_cast<std::int64_t>(std::min(left->second, 1e15)));
    if (taken == 0) continue;
    left->second -= static_cast<double>(taken);
    AheadView& ahead = by_sweep[group.charge.sweep];
    if (ahead.trials == 0) {
      ahead = {.owner = owner, .sweep = group.charge.sweep, .sweep_name = {}, .trials = 0, .why = {}};
      ahead.why = why_other(glance, owner, own);
    }
    ahead.trials += taken;
    view.trials_ahead += taken;
  }
  for (auto& [sweep, ahead] : by_sweep) view.ahead.push_back(std::move(ahead));
}

void add_marks(const OrderGlance& glance, OrderView& view) {
  for (const WorkerId& worker : glance.workers.all()) {
    const store::MarkRow* mark = glance.workers.marks().find(worker);
    if (!mark) continue;
    view.notes.push_back("worker " + worker.value + " takes none: " + WorkerMarks::word(mark->mark) + " " +
                         WorkerMarks::text(*mark));
  }
}

void add_notes(const OrderGlance& glance, OrderView& view) {
  for (const std::string& held : glance.limits.what_holds(glance.trial->charge)) view.notes.push_back(held);
  if (!glance.trial->line.failed_on.empty()) {
    std::vector<std::string> names;
    for (const WorkerId& worker : glance.trial->line.failed_on) names.push_back(worker.value);
    view.notes.push_back("it failed on " + joined(names) + ", and goes elsewhere while another worker could run it");
  }
  if (glance.kept_until && glance.trial->line.kept_for) {
    view.notes.push_back("kept a moment for " + glance.trial->line.kept_for->value + ", which has its checkpoint");
  }
  add_marks(glance, view);
}

}  // namespace

std::vector<ShareView> shares_of(const OrderGlance& glance) {
  std::map<std::string, std::int64_t> waiting;
  for (const TrialQueue::Group& group : glance.groups) waiting[group.charge.owner] += group.trials;
  std::set<std::string> owners = glance.shares.owners();
  for (const auto& [owner, trials] : waiting) owners.insert(owner);
  std::vector<ShareView> views;
  for (const std::string& owner : owners) {
    const ShareView view{.owner = owner,
                         .weight = glance.shares.weight(owner),
                         .max_parallel = glance.limits.of_owner(owner),
                         .running = glance.shares.running(owner),
                         .waiting = waiting[owner],
                         .used = glance.shares.used(owner, glance.now) / glance.shares.weight(owner)};
    const bool is_usual = view.weight == FairShare::kUsualWeight && view.max_parallel == 0;
    if (view.running > 0 || view.waiting > 0 || !is_usual) views.push_back(view);
  }
  std::ranges::stable_sort(views, {}, &ShareView::used);
  return views;
}

std::vector<LabelLimitView> label_limits_of(const OrderGlance& glance) {
  std::vector<LabelLimitView> views;
  for (const auto& [label, most] : glance.label_limits) {
    views.push_back(
        {.axis = label.axis, .label = label.label, .max_parallel = most, .running = glance.limits.running_with(label)});
  }
  return views;
}

OrderView explain(const OrderGlance& glance) {
  OrderView view;
  view.shares = shares_of(glance);
  std::erase_if(view.shares, [](const ShareView& share) { return share.running == 0 && share.waiting == 0; });
  if (!glance.trial) return view;
  add_own(glance, view);
  add_others(glance, view);
  add_notes(glance, view);
  std::ranges::stable_sort(view.ahead, std::ranges::greater{}, &AheadView::trials);
  if (view.ahead.size() > kMostAhead) view.ahead.resize(kMostAhead);
  return view;
}

}  // namespace oodml::coordinator::scheduling
