#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/results_version.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {

inline constexpr const char* kBirds = "images of fashion_mnist=11111111aaaa";

/// Sweeps that meet results of earlier ones.
class ReuseTest : public ServiceTest {
 protected:
  /// A worker that has said what it has on disk.
  void connect_with(const std::string& id, const job::DataStamps& data) {
    job::WorkerInfo info = worker_info(id);
    info.data = data;
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    ASSERT_TRUE(answer.get());
    drain();
  }
  /// The next trial to its end with that recall, on that data ("": an old program that does not say).
  job::Lease run(const std::string& data, double recall, std::int64_t results_version = kResultsVersion) {
    connect("runner");
    const job::Lease lease = acquire("runner").lease;
    std::vector<job::EventBody> bodies = {job::Hello{.device = "cuda:0", .pid = 4}};
    if (!data.empty()) bodies.push_back(job::Identity{results_version, "0.1.0", data});
    bodies.push_back(metric(1, "e_recall@1", recall));
    EXPECT_TRUE(push("runner", lease, 1, bodies));
    EXPECT_TRUE(finish(lease, job::Outcome::kSucceeded, std::ssize(bodies)).ok());
    return lease;
  }
  Result<SubmitView> submit_with(const TestSweep& sweep, const SubmitOptions& options,
                                 std::vector<std::pair<std::string, std::string>> keys = {},
                                 const std::string& request_id = "") {
    SweepText text = sweep.text();
    text.overrides = std::move(keys);
    Answer<SubmitView> answer;
    sweeps().submit(text, request_id, options, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  std::string refusal(const TestSweep& sweep, const SubmitOptions& options = {}) {
    const auto result = submit_with(sweep, options);
    if (result) return "accepted";
    EXPECT_EQ(result.error().code(), StatusCode::kFailedPrecondition);
    return result.error().message();
  }
  ResultsTable table(std::int64_t sweep, ResultsQuery query = {}) {
    query.sweep.id = {sweep};
    return sweeps().results(query).value_or(ResultsTable{});
  }
  double recall_of(std::int64_t sweep) { return table(sweep).rows.at(0).statistics.at(0).best.mean; }
  TrialDetail detail(std::int64_t id) { return *sweeps().get_trial({id}, 0, 100); }
};

}  // namespace oodml::coordinator::testing
