#pragma once

#include <set>
#include <string>
#include <vector>

#include "coordinator/service/course_page.h"
#include "coordinator/store/sqlite.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {

/// A service whose upkeep is asked.
class UpkeepTest : public ServiceTest {
 protected:
  Upkeep& upkeep() { return service->upkeep(); }

  Result<RemovalView> remove(Removal kind, SweepId sweep, bool go_ahead = true, const Person& by = {},
                             const std::string& request_id = "") {
    Answer<RemovalView> answer;
    upkeep().remove(
        {.kind = kind, .sweep = {.id = sweep, .name = ""}, .go_ahead = go_ahead, .request_id = request_id, .by = by},
        answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }

  /// Runs every trial that waits; each says a loss and two metrics of `epochs` epochs.
  void run_all(int epochs = 3) {
    connect("worker");
    for (;;) {
      auto given = ask("worker");
      if (!given || !*given) return;
      tell((*given)->lease, epochs);
    }
  }
  void tell(const job::Lease& lease, int epochs) {
    std::vector<job::EventBody> bodies = {job::Hello{.version = 1, .device = "cpu", .pid = 7}};
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      const double best = 1.0 - 0.001 * std::abs(epoch - epochs / 3);  // in the middle of the way
      bodies.push_back(metric(epoch, "loss", 1.0 / epoch, "train"));
      bodies.push_back(metric(epoch, "e_recall@1", best));
      bodies.push_back(metric(epoch, "nmi", 0.5 + 0.0001 * epoch));
    }
    bodies.push_back(job::Done{.epochs = epochs});
    const auto told = push("worker", lease, 1, bodies);
    ASSERT_TRUE(told) << told.error().text();
    ASSERT_TRUE(finish(lease, job::Outcome::kSucceeded, std::ssize(bodies)).ok());
  }

  /// Ticks until what goes bit by bit is gone.
  void settle() {
    for (int i = 0; i < 50; ++i) {
      service->tick();
      drain();
    }
  }

  std::int64_t number(const std::string& sql) {
    store::Connection reader(database, store::Access::kRead);
    store::Rows rows = reader.query(sql);
    return rows.next() ? rows.integer(0) : -1;
  }
  std::int64_t rows_of(const std::string& table) { return number("SELECT count(*) FROM " + table); }
};

}  // namespace oodml::coordinator::testing
