// How long `oodml report` takes of a sweep like the shift study's: 25 splits, 8 methods, 5 seeds, 25 figures of every
// epoch, recorded through a real coordinator's leases into a real database. The figures are made up, near the published
// ones, so that the report can be looked at.
//   report_bench FOLDER [EPOCHS]     default: 100; FOLDER/state is what oodml local leaves, FOLDER/report the report
// OODML_BIN names the folder of oodml and oodml-coordinator.
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <random>

#include "coordinator/open_service.h"
#include "coordinator/service/submission.h"
#include "core/base/sha256.h"
#include "tests/bench/answer.h"
#include "tests/support/process.h"

namespace oodml::coordinator {
namespace {

struct StudySplits {
  const char* label;
  const char* benchmark;
  std::vector<double> fids;
  double easiest, hardest;  ///< R@1 of Margin there.
};

const std::vector<StudySplits>& benchmarks() {
  static const std::vector<StudySplits> list = {
      {"CUB", "cub200", {19.16, 28.49, 52.62, 72.20, 92.48, 120.38, 136.45, 152.04, 173.94}, 0.70, 0.586},
      {"CAR", "cars196", {8.59, 14.33, 32.18, 43.58, 63.29, 86.12, 101.17, 123.03}, 0.838, 0.648},
      {"SOP", "online_products", {3.43, 24.59, 53.47, 99.38, 135.53, 155.25, 189.81, 235.10}, 0.796, 0.697}};
  return list;
}

/// What a method gains over Margin, and that at the hardest split.
struct StudyMethod {
  const char* label;
  double gain, slope;
};
constexpr StudyMethod kMethods[] = {{"Margin_b12_Distance", 0, 0},
                                    {"Multisimilarity", 0.005, 0.003},
                                    {"ArcFace", -0.006, -0.012},
                                    {"oproxy", 0.009, 0.006},
                                    {"RMargin_b06_Distance", 0.013, 0.02},
                                    {"MaxEntropy", 0.014, 0.008},
                                    {"S2SD", 0.035, 0.04},
                                    {"DiVA", 0.022, 0.024}};
constexpr int kSeeds = 5;

Result<job::SweepPlan> plan(const SweepText& text) {
  job::SweepPlan plan{.name = "oodml-zero-shot", .source = text.yaml};
  plan.axes = {{.name = "benchmark"}, {.name = "split"}, {.name = "criterion"}, {.name = "seed"}, {.name = "group"}};
  for (const StudyMethod& method : kMethods) plan.axes[2].labels.emplace_back(method.label);
  for (int seed = 0; seed < kSeeds; ++seed) plan.axes[3].labels.push_back(std::to_string(seed));
  for (const StudySplits& benchmark : benchmarks()) {
    plan.axes[0].labels.emplace_back(benchmark.label);
    for (std::size_t split = 0; split < benchmark.fids.size(); ++split) {
      for (const StudyMethod& method : kMethods) {
        for (int seed = 0; seed < kSeeds; ++seed) {
          const std::string id = std::to_string(split + 1);
          const std::string group = std::string(benchmark.label) + "_ID-" + id + "_" + method.label;
          job::PlannedTrial trial{.fingerprint = sha256_hex(group + std::to_string(seed)),
                                  .labels = {{"benchmark", benchmark.label},
                                             {"split", id},
                                             {"criterion", method.label},
                                             {"seed", std::to_string(seed)},
                                             {"group", group}}};
          trial.spec.values = {{"benchmark", benchmark.benchmark},
                               {"split", id},
                               {"criterion", std::string("margin")},
                               {"recipe", std::string("oodml")},
                               {"group", group},
                               {"seed", std::int64_t{seed}},
                               {"epochs", std::int64_t{100}},
                               {"cpu_threads", std::int64_t{1}},
                               {"replicas", std::int64_t{1}},
                               {"evaluate.sets", std::vector<std::string>{"test", "train"}},
                               {"evaluate.metrics", std::vector<std::string>{"e_recall@1", "nmi"}}};
          plan.trials.push_back(std::move(trial));
        }
      }
    }
  }
  return plan;
}

double recall_of(const StudySplits& benchmark, std::size_t split, const StudyMethod& method) {
  const double range = benchmark.fids.back() - benchmark.fids.front();
  const double shift = (benchmark.fids[split] - benchmark.fids.front()) / range;
  return benchmark.easiest + shift * (benchmark.hardest - benchmark.easiest) + method.gain + shift * method.slope;
}

/// The figures of one epoch, made up around the trial's recall.
std::vector<job::Metric> figures_at(std::int64_t epoch, double recall, std::mt19937_64& random) {
  std::normal_distribution<double> noise(0.0, 0.002);
  const double at = recall * (1.0 - 0.4 * std::exp(-static_cast<double>(epoch) / 15.0)) + noise(random);
  std::vector<job::Metric> figures;
  const auto add = [&](const char* set, const char* name, double value) {
    figures.push_back({.epoch = epoch, .set = set, .embeds = "embeds", .name = name, .value = value});
  };
  for (const char* set : {"test", "train"}) {
    const double better = std::string(set) == "train" ? 0.1 : 0.0;
    add(set, "e_recall@1", at + better);
    add(set, "e_recall@2", at + better + 0.09 + noise(random));
    add(set, "e_recall@4", at + better + 0.16 + noise(random));
    add(set, "nmi", at + better + 0.02 + noise(random));
    add(set, "f1", at + better - 0.3 + noise(random));
    add(set, "mAP_1000", at + better - 0.35 + noise(random));
    add(set, "mAP_c", at + better - 0.42 + noise(random));
    add(set, "dists@intra", 0.4 - 0.2 * at + noise(random));
    add(set, "dists@inter", 0.9 - 0.1 * at + noise(random));
    add(set, "dists@intra_over_inter", (0.4 - 0.2 * at) / (0.9 - 0.1 * at) + noise(random));
    add(set, "rho_spectrum@1", 0.2 + 0.1 * at + noise(random));
    add(set, "rho_spectrum@2", 0.25 + 0.1 * at + noise(random));
  }
  return figures;
}

std::vector<job::Event> events_of(const job::LeasedTrial& leased, std::int64_t epochs) {
  const std::string split = leased.spec.split(), group = leased.spec.values.text("group");
  std::vector<job::Event> events;
  const auto say = [&](job::Metric metric) {
    const auto sequence = static_cast<std::int64_t>(events.size() + 1);
    events.push_back({.trial = leased.lease.trial,
                      .attempt = leased.lease.attempt,
                      .sequence = sequence,
                      .body = std::move(metric)});
  };
  for (const StudySplits& benchmark : benchmarks()) {
    if (leased.spec.benchmark() != benchmark.benchmark) continue;
    const std::size_t place = std::stoul(split) - 1;
    for (const StudyMethod& method : kMethods) {
      if (!group.ends_with(std::string("_") + method.label)) continue;
      std::mt19937_64 random(static_cast<std::uint64_t>(leased.lease.trial.value));
      const double of_seed = std::normal_distribution<double>(0.0, 0.003)(random);
      say({.epoch = 0, .set = "test", .embeds = "embeds", .name = "fid", .value = benchmark.fids[place]});
      for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
        for (job::Metric& metric : figures_at(epoch, recall_of(benchmark, place, method) + of_seed, random))
          say(std::move(metric));
      }
    }
  }
  return events;
}

/// Every trial succeeds but three: one fails, two are left in the queue.
int record(Service& service, std::int64_t epochs) {
  Answer<SubmitView> submitted;
  service.sweeps().submit({.yaml = "study"}, "bench", {}, submitted.reply());
  const std::int64_t trials = submitted.get().trials;
  job::WorkerInfo worker{.id = {"w"}, .slots = {{.name = "s", .device = "cpu"}}};
  for (const StudySplits& benchmark : benchmarks()) {
    worker.benchmarks.push_back({.name = benchmark.benchmark});
    for (std::size_t i = 0; i < benchmark.fids.size(); ++i)
      worker.benchmarks.back().split_ids.push_back(std::to_string(i + 1));
  }
  Answer<LeaseTerms> registered;
  service.leases().register_worker(worker, {}, registered.reply());
  registered.get();
  int points = 0;
  for (std::int64_t i = 0; i < trials - 2; ++i) {
    Answer<std::optional<job::LeasedTrial>> acquired;
    const auto pending =
        service.leases().acquire({"w"}, "s", std::to_string(i), std::chrono::seconds(5), acquired.reply());
    const std::optional<job::LeasedTrial> leased = acquired.get();
    if (!leased) std::abort();
    std::vector<job::Event> events = events_of(*leased, epochs);
    const auto last = static_cast<std::int64_t>(events.size());
    points += static_cast<int>(last);
    Answer<std::int64_t> durable;
    service.leases().push_events({"w"}, leased->lease.id, std::move(events), durable.reply());
    durable.get();
    Answer<std::monostate> finished;
    const auto outcome = i == 777 ? job::Outcome::kBadConfiguration : job::Outcome::kSucceeded;
    service.leases().finish(leased->lease,
                            {.request_id = std::to_string(i),
                             .outcome = outcome,
                             .message = "made up",
                             .last_sequence = last,
                             .events = {}},
                            finished.reply());
    finished.get();
  }
  return points;
}

int run(const std::filesystem::path& folder, std::int64_t epochs) {
  const std::filesystem::path state = folder / "state";
  if (!std::filesystem::exists(state / "oodml.sqlite")) {
    std::filesystem::create_directories(state);
    SystemClock clock;
    auto service = open_service(
        {.database = state / "oodml.sqlite", .disk_failed = [](const Status&) { std::abort(); }}, clock, plan);
    if (!service) {
      std::fprintf(stderr, "%s\n", service.error().text().c_str());
      return 1;
    }
    std::printf("%d figures recorded\n", record(**service, epochs));
  }
  const auto start = std::chrono::steady_clock::now();
  const oodml::testing::Output report =
      oodml::testing::run({oodml::testing::program("oodml"), "report", "oodml-zero-shot", "--state", state.string(),
                           "-o", (folder / "report").string(), "--baseline", "Margin_b12_Distance"},
                          {}, std::chrono::minutes(5));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%s%soodml report: exit code %d after %.2f s\n", report.err.c_str(), report.out.c_str(), report.exit_code,
              seconds.count());
  return report.exit_code;
}

}  // namespace
}  // namespace oodml::coordinator

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "report_bench FOLDER [EPOCHS]\n");
    return 2;
  }
  spdlog::set_level(spdlog::level::warn);
  return oodml::coordinator::run(argv[1], argc > 2 ? std::atoi(argv[2]) : 100);
}
