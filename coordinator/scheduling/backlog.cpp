#include "coordinator/scheduling/backlog.h"

#include <algorithm>
#include <map>

namespace oodml::coordinator::scheduling {

std::vector<WaitingView> backlog_of(const OrderGlance& glance) {
  Limits limits = glance.limits;
  std::map<job::Need, WaitingView> by_need;
  for (const TrialQueue::Group& group : glance.groups) {
    WaitingView& view = by_need[group.line.need];
    const std::int64_t may_begin = std::min(group.trials, limits.room(group.charge));
    limits.begin(group.charge, may_begin);
    view.trials += may_begin;
    view.held += group.trials - may_begin;
  }
  std::vector<WaitingView> views;
  for (auto& [need, view] : by_need) {
    view.need = need;
    views.push_back(std::move(view));
  }
  std::ranges::stable_sort(views, std::greater(), &WaitingView::trials);
  return views;
}

}  // namespace oodml::coordinator::scheduling
