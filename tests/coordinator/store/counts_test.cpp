// What is kept of a sweep's trials against what a look at each of them gives.
#include <map>
#include <random>
#include <tuple>

#include "coordinator/store/count_table.h"
#include "coordinator/store/label_text.h"
#include "coordinator/store/sqlite.h"
#include "coordinator/store/verification.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using Counts = std::map<std::tuple<std::int64_t, std::string, std::int64_t>, std::int64_t>;

class CountsTest : public ServiceTest {
 protected:
  static Counts read(store::Connection& connection, const std::string& sql) {
    Counts counts;
    store::Rows rows = connection.query(sql);
    while (rows.next()) counts[{rows.integer(0), rows.text(1), rows.integer(2)}] = rows.integer(3);
    return counts;
  }
  void expect_that_counts_equal_a_scan() {
    store::Connection connection(database, store::Access::kRead);
    EXPECT_EQ(read(connection, "SELECT sweep_id, state, wish, trials FROM sweep_counts WHERE trials != 0"),
              read(connection,
                   "SELECT st.sweep_id, t.state, st.wish, count(*) FROM sweep_trials st JOIN trials t ON t.id = "
                   "st.trial_id GROUP BY 1, 2, 3"));
  }
  /// One of what people and workers do, by chance.
  void step(std::mt19937& chance) {
    const auto any = [&](int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); };
    const SweepId sweep{1 + any(3)};
    switch (any(8)) {
      case 0:
        submit({.name = "more" + std::to_string(any(3)),
                .criteria = {"margin", "triplet"},
                .seeds = {any(4), 4 + any(4)}});
        break;
      case 1:
        change(SweepChange::kPause, sweep, {});
        break;
      case 2:
        change(SweepChange::kResume, sweep, {});
        break;
      case 3:
        change(SweepChange::kCancel, sweep, {});
        break;
      case 4:
        change(SweepChange::kRetry, sweep, {});
        break;
      case 5:
        advance(std::chrono::minutes(any(10)));
        connect("a", 2);
        break;
      default:
        work(static_cast<Outcome>(any(4)));
    }
  }
  void work(Outcome outcome) {
    const auto got = ask("a", "request " + std::to_string(++asked_));
    if (got && *got) static_cast<void>(finish((*got)->lease, outcome));
  }

 private:
  int asked_ = 0;
};

TEST_F(CountsTest, AfterAnyHistoryTheyEqualAScan) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    std::mt19937 chance(seed);
    for (int i = 0; i < 3; ++i) submit({.name = "s" + std::to_string(i), .seeds = {i, i + 1, i + 2}});
    connect("a", 2);
    for (int i = 0; i < 40; ++i) step(chance);
    drain();
    expect_that_counts_equal_a_scan();
  }
  service.reset();
  const auto found = store::verify_database(database);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->problems.empty()) << found->problems.front();
}

TEST_F(CountsTest, ADatabaseWithAWrongCountIsSaidToBeDamaged) {
  submit({.seeds = {0, 1}});
  service.reset();
  store::Connection(database, store::Access::kWrite).script("UPDATE sweep_counts SET trials = 3");
  const auto found = store::verify_database(database);
  ASSERT_TRUE(found) << found.error().text();
  ASSERT_EQ(found->problems.size(), 1u);
  EXPECT_EQ(found->problems[0], "1 counts of the states of sweeps' trials are wrong");
}

TEST(LabelTextTest, EveryLabelReadsBackAsItWas) {
  for (const std::map<std::string, std::string>& labels : std::vector<std::map<std::string, std::string>>{
           {},
           {{"criterion", "margin"}},
           {{"criterion", "r_margin, beta 0.6"}, {"seed", "3"}, {"split", ""}},
           {{"a", "quote \" and \\ backslash"}, {"b", "line\nbreak"}, {"c", "\u00e4"}, {"d", "{\"e\":\"f\"}"}}}) {
    EXPECT_EQ(store::parse_labels(store::label_text(labels)), labels);
  }
  EXPECT_EQ(store::parse_labels(R"({ "seed" : "1" })"), (std::map<std::string, std::string>{{"seed", "1"}}));
  EXPECT_THROW(store::parse_labels(R"({"seed":"1")"), std::exception);
}

TEST(AxesTextTest, ItCarriesHowManyTrialsStandAtEachLabel) {
  const auto axes = store::parse_axes(store::axes_text({{"seed", {{"0", 3}, {"1", 4}}}, {"split", {}}}));
  ASSERT_EQ(axes.size(), 2u);
  EXPECT_EQ(axes[0].labels[1].label, "1");
  EXPECT_EQ(axes[0].labels[1].trials, 4);
  EXPECT_EQ(store::parse_axes(R"([{"name":"seed","labels":["0"]}])")[0].labels[0].trials, 0)
      << "an earlier version did not say it";
}

}  // namespace
}  // namespace oodml::coordinator::testing
