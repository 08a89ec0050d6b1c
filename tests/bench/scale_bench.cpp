// A sweep of very many trials beside 1 000 workers with 8 slots: what workers and people wait for, and what a trial
// takes in memory and on disk. Prints a Markdown table.
//   scale_bench [FOLDER [TRIALS]]     default: the temporary folder, 100000
//   scale_bench --database FILE       a start on a database, and the views of its sweep `scale`
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "coordinator/open_service.h"
#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/upkeep.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/course_table.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"
#include "core/base/seeds.h"
#include "core/base/sha256.h"
#include "tests/bench/answer.h"
#include "tests/bench/scale_views.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator {
namespace {

constexpr int kWorkers = 1000, kSlots = 8;
constexpr int kKeys = 78;  // of a real trial
constexpr int kBenchmarks = 3, kCriteria = 20, kSplits = 10;
constexpr int kMetrics = 6;

/// Four axes; settings as many and as long as real ones, of which four differ. `yaml`: NAME TRIALS.
Result<job::SweepPlan> plan(const SweepText& text) {
  const std::size_t space = text.yaml.find(' ');
  const int trials = std::atoi(text.yaml.c_str() + space);
  job::SweepPlan plan{.name = text.yaml.substr(0, space),
                      .axes = {{.name = "data"}, {.name = "criterion"}, {.name = "split"}, {.name = "seed"}},
                      .source = text.yaml};
  const auto add_labels = [&](std::size_t axis, const std::string& stem, int count) {
    for (int i = 0; i < count; ++i) plan.axes[axis].labels.push_back(stem + std::to_string(i));
  };
  constexpr int kRows = kBenchmarks * kCriteria * kSplits;
  add_labels(0, "data_", kBenchmarks);
  add_labels(1, "criterion_", kCriteria);
  add_labels(2, "", kSplits);
  add_labels(3, "", (trials + kRows - 1) / kRows);
  std::vector<std::string> metrics;
  for (int i = 0; i < kMetrics; ++i) metrics.push_back("e_recall@" + std::to_string(1 << i));
  job::TrialSpec common{.values = {{"benchmark", "cub200"},
                                   {"cpu_threads", std::int64_t{1}},
                                   {"replicas", std::int64_t{1}},
                                   {"evaluate.sets", std::vector<std::string>{"test"}},
                                   {"evaluate.metrics", metrics}}};
  for (int key = 10; key < kKeys; ++key) common.values.set("a_key_of_usual_length_" + std::to_string(key), 0.125 * key);
  for (int i = 0; i < trials; ++i) {
    const std::size_t places[] = {
        static_cast<std::size_t>(i % kBenchmarks), static_cast<std::size_t>(i / kBenchmarks % kCriteria),
        static_cast<std::size_t>(i / kBenchmarks / kCriteria % kSplits), static_cast<std::size_t>(i / kRows)};
    job::PlannedTrial trial{.spec = common, .fingerprint = sha256_hex(text.yaml + std::to_string(i))};
    for (std::size_t axis = 0; axis < 4; ++axis) {
      const std::string& label = plan.axes[axis].labels[places[axis]];
      trial.labels[plan.axes[axis].name] = label;
      trial.spec.values.set(plan.axes[axis].name, label);
    }
    trial.spec.values.set("seed", static_cast<std::int64_t>(places[3]));
    plan.trials.push_back(std::move(trial));
  }
  return plan;
}

/// Waiting times, in milliseconds.
struct Waits {
  std::vector<double> times;
  double quantile(double share) {
    std::sort(times.begin(), times.end());
    return times.empty() ? 0 : times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  }
};

WorkerId worker(int i) { return {"gpu-" + std::to_string(i)}; }
std::string slot(int i) { return "cuda:" + std::to_string(i); }

void register_workers(Leases& leases) {
  for (int i = 0; i < kWorkers; ++i) {
    job::WorkerInfo info{.id = worker(i), .benchmarks = {{.name = "cub200"}}};
    for (int s = 0; s < kSplits; ++s) info.benchmarks[0].split_ids.push_back(std::to_string(s));
    for (int s = 0; s < kSlots; ++s) info.slots.push_back({.name = slot(s), .device = slot(s)});
    Answer<LeaseTerms> registered;
    leases.register_worker(info, {}, registered.reply());
    registered.get();
  }
}

/// What slots hold, and how long each waited for it.
class Slots {
 public:
  explicit Slots(Leases& leases) : leases_(leases), held_(kWorkers * kSlots) {}

  /// The slot ends its trial, where it has one, and asks for the next; returns at once.
  void go_on(int place, std::atomic<int>& under_way) {
    ++under_way;
    std::optional<job::Lease> lease;
    {
      const std::lock_guard lock(mutex_);
      lease.swap(held_[static_cast<std::size_t>(place)]);
    }
    if (!lease) return claim(place, under_way);
    leases_.finish(*lease, {.request_id = lease->id.value, .message = "", .events = {}},
                   [this, place, &under_way](Result<std::monostate>) { claim(place, under_way); });
  }
  Waits waits;

 private:
  void claim(int place, std::atomic<int>& under_way) {
    const auto start = steady_clock::now();
    const auto took = [this, start, place, &under_way](Result<std::optional<job::LeasedTrial>> got) {
      const std::lock_guard lock(mutex_);
      if (got && *got) held_[static_cast<std::size_t>(place)] = (*got)->lease;
      if (got && *got) waits.times.push_back(milliseconds_since(start));
      --under_way;
    };
    leases_.acquire(worker(place / kSlots), slot(place % kSlots), random_hex_128(), std::chrono::milliseconds(0), took);
  }

  Leases& leases_;
  std::mutex mutex_;  // guards held_ and waits
  std::vector<std::optional<job::Lease>> held_;
};

void wait_for(const std::atomic<int>& under_way) {
  while (under_way > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// 200 slots in a second end their trials and ask for the next, however long the others take, until `over` says so.
void work(Slots& slots, const std::function<bool()>& over) {
  std::atomic<int> under_way = 0;
  auto due = steady_clock::now();
  for (int place = 0; !over(); place = (place + 7) % (kWorkers * kSlots)) {
    std::this_thread::sleep_until(due += std::chrono::milliseconds(5));
    slots.go_on(place, under_way);
  }
  wait_for(under_way);
}

/// Heartbeats of one worker after the other, 500 in a second, until `over`; those that had to come later for one that
/// was not answered have waited since they were due.
Waits beat(Leases& leases, const std::atomic<bool>& over) {
  Waits waits;
  auto due = steady_clock::now();
  for (int i = 0; !over; i = (i + 1) % kWorkers) {
    std::this_thread::sleep_until(due += std::chrono::milliseconds(2));
    if (!leases.heartbeat(worker(i), {})) std::abort();
    waits.times.push_back(milliseconds_since(due));
  }
  return waits;
}

void submit(Service& service, const std::string& name, int trials) {
  Answer<SubmitView> answer;
  service.sweeps().submit({.yaml = name + " " + std::to_string(trials)}, name, {}, answer.reply());
  answer.get();
}

/// As if workers had done every trial: with figures of each metric.
void fill(const std::filesystem::path& database) {
  store::Connection connection(database, store::Access::kWrite);
  connection.script("PRAGMA synchronous = OFF; BEGIN");
  for (int i = 0; i < kMetrics; ++i) {
    connection.execute("INSERT INTO series (set_name, embeds, name) VALUES ('test', 'embeds', ?)",
                       "e_recall@" + std::to_string(1 << i));
  }
  connection.script(
      "INSERT INTO attempts (trial_id, attempt, lease_id, request_id, worker, slot, started, finished, outcome, program, "
      "results_version, data) SELECT id, 1, 'lease ' || id, '', 'gpu-1', 'cuda:0', 1, 2, 'succeeded', '1.0', 3, "
      "'images of cub200=00112233445566778899aabbccddeeff' FROM trials WHERE state = 'queued';"
      "UPDATE trials SET state = 'succeeded', attempt = 1, finished = 2, outcome = 'succeeded', points_thinned = 1, "
      "events_thinned = 1 WHERE state = 'queued'");
  const std::vector<store::MeasuredSeries> series = store::all_series(connection);
  Random chance(7);
  store::Rows rows = connection.query(
      "SELECT id FROM trials WHERE state = 'succeeded' AND id NOT IN (SELECT trial_id FROM trial_results)");
  while (rows.next()) {
    std::vector<store::Figures> figures;
    for (const store::MeasuredSeries& one : series) {
      figures.push_back({.series = one.id,
                         .best = chance.uniform(),
                         .best_epoch = 100,
                         .last = chance.uniform(),
                         .last_epoch = 150,
                         .selected_epoch = {}});
    }
    store::insert_results(connection, {.trial = {rows.integer(0)}, .attempt = 1, .id = {}}, figures);
  }
  connection.script("COMMIT");
}

void print_memory(double before, int trials) {
  row("memory of the coordinator a waiting trial", "%.0f", (mebibytes("VmRSS") - before) * 1048576 / trials, "bytes");
  row("most memory while it was submitted, a trial", "%.0f", (mebibytes("VmHWM") - before) * 1048576 / trials, "bytes");
}

void print_disk(Service& service) {
  const auto stats = service.upkeep().stats();
  if (!stats) std::abort();
  double bytes = 0;
  for (const TableSize& table : stats->tables) bytes += static_cast<double>(table.bytes);
  row("database a trial, with figures of " + std::to_string(kMetrics) + " metrics", "%.0f",
      bytes / static_cast<double>(stats->trials), "bytes");
}

/// Submits beside workers that work on another sweep.
void print_work(Service& service, int trials) {
  submit(service, "before", 2 * kWorkers * kSlots + trials / 10);  // or slots have nothing to do before it is over
  register_workers(service.leases());
  Slots slots(service.leases());
  const auto start = steady_clock::now();
  std::atomic<int> under_way = 0;
  for (int place = 0; place < kWorkers * kSlots; ++place) slots.go_on(place, under_way);
  wait_for(under_way);
  row("8 000 slots that ask at once have their trials after", "%.0f", milliseconds_since(start), "ms");

  std::atomic<bool> over = false;
  const double before = mebibytes("VmRSS");
  slots.waits.times.clear();
  auto beats = std::async(std::launch::async, [&] { return beat(service.leases(), over); });
  std::thread claims([&] { work(slots, [&] { return over.load(); }); });
  const auto submitted = steady_clock::now();
  submit(service, "scale", trials);
  row("submission of " + std::to_string(trials) + " trials, planned by the bench", "%.1f",
      milliseconds_since(submitted) / 1000, "s");
  over = true;
  claims.join();
  Waits heartbeats = beats.get();
  row("heartbeat beside it, median", "%.2f", heartbeats.quantile(0.5), "ms");
  row("heartbeat beside it, p99", "%.2f", heartbeats.quantile(0.99), "ms");
  row("heartbeat beside it, longest", "%.0f", heartbeats.quantile(1), "ms");
  row("claim beside it, p99", "%.0f", slots.waits.quantile(0.99), "ms");
  row("claim beside it, longest", "%.0f", slots.waits.quantile(1), "ms");
  std::this_thread::sleep_for(std::chrono::seconds(5));  // the plan is given back
  print_memory(before, trials);

  slots.waits.times.clear();
  const auto steady = steady_clock::now();
  work(slots, [&] { return milliseconds_since(steady) > 5000; });
  row("claim, 1 000 workers with 8 slots, 200 a second, median", "%.2f", slots.waits.quantile(0.5), "ms");
  row("the same, p99", "%.2f", slots.waits.quantile(0.99), "ms");
}

void run(const std::filesystem::path& folder, int trials) {
  SystemClock clock;
  const ServiceOptions options{.database = folder / "scale.db", .disk_failed = [](const Status&) { std::abort(); }};
  const auto open = [&] {
    const auto start = steady_clock::now();
    auto service = open_service(options, clock, plan);
    if (!service) std::abort();
    row("start of the coordinator", "%.0f", milliseconds_since(start), "ms");
    return *std::move(service);
  };
  std::printf("| %d trials | |\n| --- | --- |\n", trials);
  {
    const auto service = open();
    print_work(*service, trials);
    print_views(service->sweeps(), "all wait");
  }
  {
    const auto service = open();
    malloc_trim(0);
    row("memory of the coordinator after its start, all wait", "%.0f", mebibytes("VmRSS"), "MiB");
  }
  fill(options.database);
  const auto service = open();
  print_views(service->sweeps(), "all succeeded");
  print_disk(*service);
}

void look_at(const std::filesystem::path& database) {
  SystemClock clock;
  const auto start = steady_clock::now();
  const std::clock_t before = std::clock();
  const auto service =
      open_service({.database = database, .disk_failed = [](const Status&) { std::abort(); }}, clock, plan);
  if (!service) std::abort();
  std::printf("| a start of the coordinator | %.0f ms (%.0f ms of CPU) |\n", milliseconds_since(start),
              1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  malloc_trim(0);
  row("memory of the coordinator after its start", "%.0f", mebibytes("VmRSS"), "MiB");
  print_views((*service)->sweeps(), "as they are");
  row("most memory of the coordinator", "%.0f", mebibytes("VmHWM"), "MiB");
}

}  // namespace
}  // namespace oodml::coordinator

int main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::warn);
  if (argc > 2 && std::string(argv[1]) == "--database") {
    oodml::coordinator::look_at(argv[2]);
    return 0;
  }
  const auto place = argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const oodml::testing::TemporaryFolder folder(place);
  oodml::coordinator::run(folder.path(), argc > 2 ? std::atoi(argv[2]) : 100'000);
}
