// What a trial takes in the coordinator's database, table by table, before its curves are thinned and after.
//   size_bench [FOLDER [TRIALS [EPOCHS]]]     default: the temporary folder, 5000, 150
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "coordinator/open_service.h"
#include "coordinator/results/figures.h"
#include "coordinator/service/submission.h"
#include "coordinator/store/attempt_table.h"
#include "coordinator/store/event_table.h"
#include "coordinator/store/job_store.h"
#include "coordinator/store/result_table.h"
#include "core/base/ids.h"
#include "core/base/sha256.h"
#include "tests/bench/answer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator {
namespace {

constexpr int kKeys = 78;  // of a real trial
constexpr int kSeeds = 5;

/// Trials of five seeds; settings as many and as long as real ones.
Result<job::SweepPlan> plan(const SweepText& text) {
  const int trials = std::atoi(text.yaml.c_str());
  job::SweepPlan plan{.name = "size", .axes = {{.name = "criterion"}, {.name = "split"}, {.name = "seed"}}};
  for (int i = 0; i < trials; ++i) {
    job::PlannedTrial trial{.fingerprint = sha256_hex(std::to_string(i)),
                            .labels = {{"criterion", "criterion_" + std::to_string(i / kSeeds % 20)},
                                       {"split", std::to_string(i / kSeeds / 20 % 9)},
                                       {"seed", std::to_string(i % kSeeds)}}};
    trial.spec.values = {{"benchmark", "cub200"},
                         {"split", trial.labels["split"]},
                         {"seed", std::int64_t{i % kSeeds}},
                         {"criterion", trial.labels["criterion"]},
                         {"cpu_threads", std::int64_t{1}}};
    for (int key = 5; key < kKeys; ++key)
      trial.spec.values.set("a_key_of_usual_length_" + std::to_string(key), 0.125 * key);
    plan.trials.push_back(std::move(trial));
  }
  return plan;
}

std::vector<job::Event> events_of(const job::Lease& lease, int epochs, Time start) {
  std::vector<job::Event> events;
  const auto add = [&](job::EventBody body, int epoch) {
    events.push_back({.trial = lease.trial,
                      .attempt = lease.attempt,
                      .sequence = std::ssize(events) + 1,
                      .time = start + std::chrono::seconds(60 * epoch) + std::chrono::milliseconds(std::rand() % 1000),
                      .body = std::move(body)});
  };
  add(job::Hello{.version = 1, .device = "NVIDIA A100-SXM4-40GB", .pid = 4711}, 0);
  add(job::Identity{.results_version = 3, .program = std::string(40, 'c'), .data = std::string(160, 'd')}, 0);
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (const char* name : {"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@8", "nmi", "f1", "mAP_1000", "mAP_c",
                             "rho_spectrum@0", "dists@intra"}) {
      add(job::Metric{epoch, "test", "embeds", name, std::rand() / (RAND_MAX + 1.0)}, epoch);
    }
    add(job::Metric{epoch, "train", "embeds", "loss", std::rand() / (RAND_MAX + 1.0)}, epoch);
    add(
        job::Checkpoint{
            .epoch = epoch, .path = "checkpoints/epoch-" + std::to_string(epoch), .sha256 = std::string(64, 'a')},
        epoch);
  }
  add(job::Done{.epochs = epochs}, epochs);
  return events;
}

/// A success of every trial from `first` on, some in a transaction.
void fill(const std::filesystem::path& database, int trials, int epochs, Time now) {
  store::Connection connection(database, store::Access::kWrite);
  connection.script("PRAGMA synchronous = OFF");
  for (std::int64_t first = 1; first <= trials; first += 100) {
    connection.script("BEGIN");
    for (std::int64_t id = first; id < std::min<std::int64_t>(first + 100, trials + 1); ++id) {
      const job::Lease lease{.trial = {id}, .attempt = 1, .id = {random_hex_128()}};
      const auto events = events_of(lease, epochs, now);
      store::insert_attempt(
          connection, {.lease = lease, .worker = {"gpu-01-0123abcd"}, .slot = "cuda:0", .request_id = random_hex_128()},
          now);
      store::set_state(connection, lease.trial, job::TrialState::kRunning, now);
      if (!store::append_events(connection, lease, 0, events)) std::abort();
      store::end_attempt(connection, lease, job::Outcome::kSucceeded, "", now);
      store::insert_results(connection, lease, results::figures_of(store::read_curves(connection, lease.trial)));
      store::set_state(connection, lease.trial, job::TrialState::kSucceeded, now);
      store::set_outcome(connection, lease.trial, "succeeded", "");
    }
    connection.script("COMMIT");
  }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::int64_t left_to_thin(const std::filesystem::path& database) {
  store::Connection connection(database, store::Access::kRead);
  store::Rows rows = connection.query("SELECT count(*) FROM trials WHERE points_thinned <= 0");
  return rows.next() ? rows.integer(0) : 0;
}

void print_sizes(Service& service, int trials, const char* when) {
  const auto stats = service.upkeep().stats();
  if (!stats) std::abort();
  double sum = 0;
  std::printf("%s, bytes a trial:\n", when);
  for (const TableSize& table : stats->tables) {
    const double bytes = static_cast<double>(table.bytes) / trials;
    sum += bytes;
    if (bytes >= 1) std::printf("  %-16s %9.0f\n", table.table.c_str(), bytes);
  }
  std::printf("  %-16s %9.0f\n", "all", sum);
}

void run(const std::filesystem::path& folder, int trials, int epochs) {
  oodml::testing::FakeClock clock;
  const ServiceOptions options{.database = folder / "size.db",
                               .retention = {.events = std::chrono::days(1), .points = std::chrono::days(1)},
                               .disk_failed = [](const Status&) { std::abort(); }};
  const auto open = [&] {
    auto service = open_service(options, clock, plan);
    if (!service) std::abort();
    return *std::move(service);
  };
  {
    const auto service = open();
    Answer<SubmitView> answer;
    service->sweeps().submit({.yaml = std::to_string(trials)}, "size", {}, answer.reply());
    answer.get();
  }
  fill(options.database, trials, epochs, clock.now());
  const auto service = open();
  print_sizes(*service, trials, "with whole curves");
  clock.advance(std::chrono::days(2));
  const auto start = std::chrono::steady_clock::now();
  while (left_to_thin(options.database) > 0) {
    service->tick();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::printf("thinned in %.1f s\n", seconds_since(start));
  print_sizes(*service, trials, "thinned");
}

}  // namespace
}  // namespace oodml::coordinator

int main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::warn);
  const auto place = argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const oodml::testing::TemporaryFolder folder(place);
  oodml::coordinator::run(folder.path(), argc > 2 ? std::atoi(argv[2]) : 5000, argc > 3 ? std::atoi(argv[3]) : 150);
}
