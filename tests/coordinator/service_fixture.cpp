#include "tests/coordinator/service_fixture.h"

#include <cstdlib>
#include <sstream>

#include "core/base/params.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::testing {
namespace {

std::vector<std::string> split_text(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

std::string seed_text(int seed) { return std::to_string(seed); }
std::string same_text(const std::string& text) { return text; }

template <typename List, typename Text>
std::string joined(const List& list, Text text) {
  std::string result;
  for (const auto& item : list) result += (result.empty() ? "" : ",") + text(item);
  return result;
}

}  // namespace

SweepText TestSweep::text() const {
  return {.yaml = name + "|" + benchmark + "|" + split + "|" + joined(criteria, same_text) + "|" +
                  joined(seeds, seed_text) + "|" + std::to_string(cpu_threads) + "|" + set + "|" +
                  std::to_string(gpu_memory_mib) + "|" + std::to_string(max_parallel) + "," +
                  std::to_string(max_failures) + (grouped ? "|grouped" : ""),
          .file_name = "test.yaml"};
}

Result<job::SweepPlan> plan_test_sweep(const SweepText& text) {
  const std::vector<std::string> parts = split_text(text.yaml, '|');
  if (parts.size() != 9 && parts.size() != 10) return invalid_argument("test.yaml:1:1: not a test sweep");
  job::SweepPlan plan{.name = parts[0], .source = text.yaml};
  plan.axes = {{.name = "criterion", .labels = split_text(parts[3], ',')},
               {.name = "seed", .labels = split_text(parts[4], ',')}};
  const std::vector<std::string> criteria = plan.axes[0].labels;
  const std::vector<std::string> limits = split_text(parts[8], ',');
  plan.max_parallel = std::stoi(limits[0]);
  plan.max_failures = std::stoi(limits[1]);
  const bool grouped = parts.size() == 10;
  if (grouped) plan.axes.push_back({.name = job::kGroupAxis, .labels = criteria});
  for (const std::string& criterion : criteria) {
    for (const std::string& seed : plan.axes[1].labels) {
      job::PlannedTrial trial{.spec = {.values = {{"benchmark", parts[1]},
                                                  {"split", parts[2]},
                                                  {"criterion", criterion},
                                                  {"seed", std::int64_t{std::stoi(seed)}},
                                                  {"cpu_threads", std::int64_t{std::stoi(parts[5])}},
                                                  {"replicas", std::int64_t{1}},
                                                  {"gpu_memory_mib", std::int64_t{std::stoi(parts[7])}},
                                                  {"lr", 1e-5},
                                                  {"evaluate.sets", std::vector<std::string>{parts[6]}},
                                                  {"evaluate.metrics", std::vector<std::string>{"e_recall@1", "nmi"}}}},
                              .labels = {{"criterion", criterion}, {"seed", seed}}};
      if (grouped) trial.labels.emplace(job::kGroupAxis, criterion);
      for (const auto& [key, value] : text.overrides) {
        OODML_ASSIGN_OR_RETURN(Value parsed, parse_value(value));
        trial.spec.values.set(key, std::move(parsed));
      }
      trial.fingerprint = sha256_hex(parts[1] + parts[2] + criterion + seed);
      plan.trials.push_back(std::move(trial));
    }
  }
  return plan;
}

void ServiceTest::open() {
  auto opened = open_service({.database = database,
                              .artifacts = {.limits = {.room = {.reserve_mib = 0}}},
                              .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }},
                             clock, plan_test_sweep);
  if (!opened) throw std::runtime_error(opened.error().text());
  service = *std::move(opened);
}

void ServiceTest::drain() {
  // The writer answers in order; what a command caused (a claim after a submission) is pushed before its reply.
  for (int round = 0; round < 3; ++round) {
    Answer<ChangeView> answer;
    sweeps().change(SweepChange::kPause, {.sweep = {.id = {1'000'000'000}}}, answer.reply());
    EXPECT_EQ(answer.get().error().code(), StatusCode::kNotFound);
  }
}

SubmitView ServiceTest::submit(const TestSweep& sweep, const std::string& request_id, std::int64_t priority) {
  Answer<SubmitView> answer;
  sweeps().submit(sweep.text(), request_id, {.priority = priority}, answer.reply());
  auto result = answer.get();
  EXPECT_TRUE(result) << result.error().text();
  drain();
  return result.value_or(SubmitView{});
}

ChangeView ServiceTest::change(SweepChange kind, SweepId sweep, const std::vector<TrialId>& trials) {
  Answer<ChangeView> answer;
  sweeps().change(kind, {.sweep = {.id = sweep}, .trials = trials}, answer.reply());
  auto result = answer.get();
  EXPECT_TRUE(result) << result.error().text();
  drain();
  return result.value_or(ChangeView{});
}

SweepView ServiceTest::view(SweepId sweep) {
  auto detail = sweeps().get({.sweep = {.id = sweep}});
  EXPECT_TRUE(detail) << detail.error().text();
  return detail ? detail->sweep : SweepView{};
}

TrialView ServiceTest::trial(TrialId trial) {
  auto detail = sweeps().get_trial(trial, 0, 0);
  EXPECT_TRUE(detail) << detail.error().text();
  return detail ? detail->trial : TrialView{};
}

job::WorkerInfo ServiceTest::worker_info(const std::string& id, int slots) {
  job::WorkerInfo info{.id = {id},
                       .host = "host",
                       .version = "1",
                       .benchmarks = {{.name = "fashion_mnist", .split_ids = {"1", "2", "3"}}}};
  for (int i = 0; i < slots; ++i)
    info.slots.push_back({.name = "cpu:" + std::to_string(i), .device = "cpu", .threads = 1});
  return info;
}

void ServiceTest::connect(const std::string& id, int slots, const std::vector<job::HeldLease>& held) {
  Answer<LeaseTerms> answer;
  leases().register_worker(worker_info(id, slots), held, answer.reply());
  EXPECT_TRUE(answer.get());
  drain();
}

Result<MaybeTrial> ServiceTest::ask(const std::string& worker, const std::string& request_id, const std::string& slot) {
  Answer<MaybeTrial> answer;
  const auto pending = leases().acquire({worker}, slot, request_id, 0s, answer.reply());
  drain();
  service->tick();
  return answer.get();
}

job::LeasedTrial ServiceTest::acquire(const std::string& worker, const std::string& slot) {
  auto result = ask(worker, "", slot);
  EXPECT_TRUE(result) << result.error().text();
  EXPECT_TRUE(result.value_or(std::nullopt).has_value()) << "nothing to do for " << worker;
  drain();
  return result ? result->value_or(job::LeasedTrial{}) : job::LeasedTrial{};
}

Status ServiceTest::finish(const job::Lease& lease, job::Outcome outcome, std::int64_t last_sequence,
                           const std::string& request_id, const std::string& message) {
  Answer<std::monostate> answer;
  leases().finish(
      lease,
      {.request_id = request_id, .outcome = outcome, .message = message, .last_sequence = last_sequence, .events = {}},
      answer.reply());
  auto result = answer.get();
  drain();
  return result ? Status() : result.error();
}

Result<job::Directive> ServiceTest::beat(const std::string& worker, const job::Lease& lease) {
  auto directives = leases().heartbeat({worker}, {lease});
  drain();
  if (!directives) return failure(directives.error());
  return directives->front();
}

Result<std::int64_t> ServiceTest::push(const std::string& worker, const job::Lease& lease, std::int64_t first_sequence,
                                       const std::vector<job::EventBody>& bodies) {
  std::vector<job::Event> events;
  for (const job::EventBody& body : bodies) {
    events.push_back({.trial = lease.trial,
                      .attempt = lease.attempt,
                      .sequence = first_sequence++,
                      .time = clock.now(),
                      .body = body});
  }
  Answer<std::int64_t> answer;
  leases().push_events({worker}, lease.id, std::move(events), answer.reply());
  return answer.get();
}

}  // namespace oodml::coordinator::testing
