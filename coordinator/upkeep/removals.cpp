#include "coordinator/upkeep/removals.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <utility>

#include "coordinator/store/ownership.h"
#include "coordinator/store/removal_table.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::upkeep {
namespace {

// Of one transaction: whoever waits for the writer meanwhile, waits no longer than this and a sync.
constexpr std::chrono::milliseconds kLongestStep{15};
constexpr std::int64_t kRowsOfStep = 2000;

const char* name_of(Removal kind) {
  switch (kind) {
    case Removal::kArchive:
      return "archive";
    case Removal::kUnarchive:
      return "unarchive";
    case Removal::kDelete:
      return "delete";
  }
  return "remove";
}

Status check_over(const SweepView& sweep) {
  if (sweep.finished) return {};
  const std::string id = std::to_string(sweep.id.value);
  return failed_precondition("sweep " + id + " " + sweep.name + " is " + sweep.state +
                             ", and has trials that are not over; wait for them, or oodml cancel " + id + " first");
}

/// What is asked of, and whether that may be.
Result<RemovalView> looked_at(store::Connection& database, const RemovalWish& wish) {
  OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, wish.sweep));
  OODML_RETURN_IF_ERROR(store::check_may_change(database, id, wish.by));
  RemovalView view{.sweep = store::read_sweep_view(database, id)};
  if (wish.kind != Removal::kUnarchive) OODML_RETURN_IF_ERROR(check_over(view.sweep));
  return view;
}

Result<RemovalView> preview(store::Connection& database, const RemovalWish& wish) {
  OODML_ASSIGN_OR_RETURN(RemovalView view, looked_at(database, wish));
  if (wish.kind != Removal::kDelete) return view;
  SweepView sweep = std::move(view.sweep);
  view = store::what_goes(database, sweep.id);
  view.sweep = std::move(sweep);
  return view;
}

/// Asked again by its request id it answers that it is done, although the sweep is gone.
Result<RemovalView> done(store::Connection& database, const RemovalWish& wish, Time now) {
  const std::string subject = store::said_by(std::to_string(wish.sweep.id.value) + " " + wish.sweep.name, wish.by);
  OODML_ASSIGN_OR_RETURN(const auto answered,
                         store::find_request(database, name_of(wish.kind), wish.request_id, subject));
  if (answered) {
    const SweepId id{std::strtoll(answered->c_str(), nullptr, 10)};
    SweepView sweep = store::read_sweep_view(database, id);
    sweep.id = id;
    return RemovalView{.sweep = std::move(sweep)};
  }
  OODML_ASSIGN_OR_RETURN(RemovalView view, looked_at(database, wish));
  const SweepId id = view.sweep.id;
  if (wish.kind == Removal::kDelete) {
    store::set_deleted(database, id, now);
  } else {
    const bool archive = wish.kind == Removal::kArchive;
    if (archive != view.sweep.archived.has_value())
      store::set_archived(database, id, archive ? std::optional(now) : std::nullopt);
    view.sweep = store::read_sweep_view(database, id);
  }
  store::insert_request(database, name_of(wish.kind), wish.request_id, subject, std::to_string(id.value), now);
  return view;
}

}  // namespace

void Removals::remove(const RemovalWish& wish, Reply<RemovalView> reply) {
  if (!wish.go_ahead) {
    return reply(store_.read([&](store::Connection& database) { return preview(database, wish); }));
  }
  store_.write<RemovalView>(
      [wish, now = clock_.now()](store::Connection& database) { return done(database, wish, now); },
      [this, wish, reply = std::move(reply)](Result<RemovalView> result) {
        if (result) {
          spdlog::info("{} sweep={} name={} by={}", name_of(wish.kind), result->sweep.id.value, result->sweep.name,
                       wish.by.name);
          if (wish.kind == Removal::kDelete) left_ = true;
        }
        reply(std::move(result));
      });
}

void Removals::tick() {
  if (!left_ || under_way_.exchange(true)) return;
  left_ = false;
  remove_more();
}

void Removals::remove_more() {
  const auto work = [](store::Connection& database) -> Result<std::int64_t> {
    return store::remove_some(database, kRowsOfStep, std::chrono::steady_clock::now() + kLongestStep);
  };
  const auto after = [this](Result<std::int64_t> removed) {
    if (removed && *removed > 0) return remove_more();
    if (!removed) {
      spdlog::warn("what is left of deleted sweeps stays for now: {}", removed.error().message());
      // A store that closes refuses: the next life goes on. A full disk ends by itself.
      left_ = removed.error().code() != StatusCode::kUnavailable;
    }
    under_way_ = false;
  };
  store_.write<std::int64_t>(work, after, kRowsOfStep);
}

}  // namespace oodml::coordinator::upkeep
