// Submit, claim-and-finish cycles and results at scale, through open_service, with every commit on the disk.
//   coordinator_bench [FOLDER [TRIALS [WORKERS]]]     default: the temporary folder, 10000, 200
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <future>

#include "coordinator/open_service.h"
#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/worker_view.h"
#include "core/base/sha256.h"
#include "tests/bench/answer.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator {
namespace {

using Seconds = std::chrono::duration<double>;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

/// Of all threads of this process: what the figures would come to on an idle machine with a fast disk.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Median of appending 4 KiB and fsync, in milliseconds: what one commit costs at least.
double fsync_milliseconds(const std::filesystem::path& folder) {
  const auto path = folder / "fsync-probe";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 50; ++i) {
    times.push_back(1e3 * seconds_of([&] {
                      if (write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
                          fsync(file) != 0)
                        std::abort();
                    }));
  }
  close(file);
  std::filesystem::remove(path);
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// 100 criteria; a specification as large as a real one.
Result<job::SweepPlan> plan(const SweepText& text) {
  const int trials = std::atoi(text.yaml.c_str());
  job::SweepPlan plan{.name = "bench", .axes = {{.name = "criterion"}, {.name = "seed"}}, .source = text.yaml};
  for (int i = 0; i < 100; ++i) plan.axes[0].labels.push_back("c" + std::to_string(i));
  for (int i = 0; i < (trials + 99) / 100; ++i) plan.axes[1].labels.push_back(std::to_string(i));
  for (int i = 0; i < trials; ++i) {
    job::PlannedTrial trial{
        .fingerprint = sha256_hex(std::to_string(i)),
        .labels = {{"criterion", "c" + std::to_string(i % 100)}, {"seed", std::to_string(i / 100)}}};
    trial.spec.values = {{"benchmark", "b"},
                         {"split", "default"},
                         {"cpu_threads", std::int64_t{1}},
                         {"replicas", std::int64_t{1}},
                         {"evaluate.sets", std::vector<std::string>{"test"}},
                         {"evaluate.metrics", std::vector<std::string>{"e_recall@1", "nmi"}}};
    for (int key = 0; key < 60; ++key)
      trial.spec.values.set("a_key_of_usual_length_" + std::to_string(key), 0.125 * key);
    plan.trials.push_back(std::move(trial));
  }
  return plan;
}

/// One simulated worker: asks, reports two metrics, finishes, asks again; a chain of replies, no thread of its own.
class SimulatedWorker : public std::enable_shared_from_this<SimulatedWorker> {
 public:
  SimulatedWorker(Leases& leases, std::string name, std::function<void(bool)> finished)
      : leases_(leases), name_(std::move(name)), finished_(std::move(finished)) {}

  void start() {
    Answer<LeaseTerms> registered;
    leases_.register_worker({.id = {name_}, .slots = {{.name = "s", .device = "cpu"}}, .benchmarks = {{.name = "b"}}},
                            {}, registered.reply());
    registered.get();
    ask();
  }

 private:
  void ask() {
    auto reply = [self = shared_from_this()](Result<std::optional<job::LeasedTrial>> got) {
      if (!got || !*got) return self->finished_(false);
      self->report((*got)->lease);
    };
    pending_ = leases_.acquire({name_}, "s", name_ + std::to_string(++asked_), std::chrono::milliseconds(0), reply);
  }
  void report(const job::Lease& lease) {
    std::vector<job::Event> events;
    for (const char* metric : {"e_recall@1", "nmi"}) {
      const auto sequence = static_cast<std::int64_t>(events.size() + 1);
      events.push_back(
          {.trial = lease.trial,
           .attempt = lease.attempt,
           .sequence = sequence,
           .body = job::Metric{.epoch = 1, .set = "test", .embeds = "embeds", .name = metric, .value = 0.5}});
    }
    leases_.push_events(
        {name_}, lease.id, std::move(events), [self = shared_from_this(), lease](Result<std::int64_t> durable) {
          if (!durable) return self->finished_(false);
          self->leases_.finish(lease,
                               {.request_id = lease.id.value, .message = "", .last_sequence = *durable, .events = {}},
                               [self](Result<std::monostate> done) {
                                 self->finished_(done.has_value());
                                 if (done) self->ask();
                               });
        });
  }

  Leases& leases_;
  std::string name_;
  std::function<void(bool)> finished_;
  std::shared_ptr<Leases::Pending> pending_;
  int asked_ = 0;
};

void run(const std::filesystem::path& folder, int trials, int workers) {
  std::printf("fsync of this disk: %.2f ms (median of 50)\n", fsync_milliseconds(folder));
  SystemClock clock;
  auto service = open_service({.database = folder / "bench.db"}, clock, plan);
  if (!service) {
    std::fprintf(stderr, "%s\n", service.error().text().c_str());
    std::exit(1);
  }
  const double cpu_before_submit = cpu_seconds();
  const double submit = seconds_of([&] {
    Answer<SubmitView> answer;
    (*service)->sweeps().submit({.yaml = std::to_string(trials)}, "bench", {}, answer.reply());
    answer.get();
  });
  const double cpu_before_cycles = cpu_seconds();
  std::printf("submit of %d trials: %.2f s (%.2f s of CPU)\n", trials, submit, cpu_before_cycles - cpu_before_submit);

  std::atomic<int> finished = 0;
  std::promise<void> all;
  const double cycles = seconds_of([&] {
    for (int i = 0; i < workers; ++i) {
      std::make_shared<SimulatedWorker>((*service)->leases(), "w" + std::to_string(i), [&](bool done) {
        if (done && ++finished == trials) all.set_value();
      })->start();
    }
    all.get_future().wait();
  });
  std::printf("%d workers: %.0f claim, report and finish cycles per second (3 durable writes each; %.2f ms of CPU)\n",
              workers, trials / cycles, 1e3 * (cpu_seconds() - cpu_before_cycles) / trials);

  const double results = seconds_of([&] {
    const auto table = (*service)->sweeps().results({.sweep = {.name = "bench"}});
    if (!table || table->n != trials) std::abort();
  });
  std::printf("results over %d trials: %.0f ms\n", trials, 1e3 * results);
  const double list = seconds_of([&] {
    if (!(*service)->sweeps().list({.limit = 1})) std::abort();
  });
  std::printf("counts of the sweep: %.1f ms\n", 1e3 * list);
}

}  // namespace
}  // namespace oodml::coordinator

int main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::warn);
  const auto place = argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const oodml::testing::TemporaryFolder folder(place);
  oodml::coordinator::run(folder.path(), argc > 2 ? std::atoi(argv[2]) : 10'000, argc > 3 ? std::atoi(argv[3]) : 200);
}
