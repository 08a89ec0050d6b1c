#include "tests/integration/rehearsal.h"

#include <signal.h>

#include <algorithm>
#include <thread>

#include "core/base/ids.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr const char* kScript = R"({"default": [{"do": "normal", "step_millis": 120}]})";
constexpr auto kBetweenHelp = 4s;
const std::vector<std::string> kMethods = {"Register",         "Acquire", "Heartbeat", "PushEvents",
                                           "CommitCheckpoint", "Finish",  "Submit",    "Retry"};

std::string worker_name(int index) { return "w" + std::to_string(index); }

}  // namespace

Rehearsal::Rehearsal(std::filesystem::path folder, std::uint64_t seed)
    : cluster_(std::move(folder), kScript,
               {.lease = std::to_string(kTerm.count() / 1000),
                .heartbeat = "1",
                .restart_grace = std::to_string(kTerm.count() / 1000)}),
      random_(seed) {
  cluster_.recorder().break_calls([this](const std::string& method) { return fault_of(method); });
  cluster_.start_coordinator();
  for (int i = 0; i < kWorkers; ++i) cluster_.start_worker(worker_name(i));
}

void Rehearsal::suffer(int count) {
  const std::vector<Fault> menu = faults();
  std::vector<int> weights;
  for (const Fault& fault : menu) weights.push_back(fault.weight);
  std::discrete_distribution<std::size_t> choose(weights.begin(), weights.end());
  keep_busy();
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_for(between(50, 500));
    mend(Clock::now());
    const Fault& fault = menu[choose(random_)];
    ++happened_[fault.name];
    fault.happen();
    keep_busy();
  }
}

bool Rehearsal::recover(std::chrono::seconds within) {
  cluster_.recorder().break_nothing();
  mend(Clock::time_point::max());
  const auto end = Clock::now() + within;
  while (Clock::now() < end) {
    const v1::StateCounts counts = cluster_.counts();
    if (counts.succeeded() == std::int64_t{sweeps_} * kSweepTrials) return true;
    help_along();
    std::this_thread::sleep_for(500ms);
  }
  return false;
}

std::vector<Rehearsal::Fault> Rehearsal::faults() {
  return {
      {"coordinator killed", 3, [this] { kill_coordinator(); }},
      {"coordinator paused", 1, [this] { pause_coordinator(); }},
      {"worker killed", 4, [this] { kill_worker(); }},
      {"worker paused", 2, [this] { pause_worker(); }},
      {"worker cut off", 3, [this] { cut_off_worker(); }},
      {"trial killed", 4, [this] { kill_trial(); }},
      {"line cut", 3, [this] { cluster_.cut(some_worker()); }},
      {"reply lost", 6, [this] { break_next_call({.lose_reply = true}); }},
      {"request lost", 1, [this] { break_next_call({.lose_request = true}); }},
      {"request late", 3, [this] { break_next_call({.late_request = between(200, 7000)}); }},
      {"reply late", 1, [this] { break_next_call({.late_reply = between(100, 3000)}); }},
  };
}

void Rehearsal::kill_coordinator() {
  cluster_.cluster().kill_coordinator();
  std::this_thread::sleep_for(between(0, 500));
  cluster_.start_coordinator();
}

void Rehearsal::pause_coordinator() {
  cluster_.cluster().coordinator().signal(SIGSTOP);
  std::this_thread::sleep_for(between(100, 2000));
  cluster_.cluster().coordinator().signal(SIGCONT);
}

void Rehearsal::kill_worker() {
  const std::string name = some_worker();
  if (!cluster_.cluster().has_worker(name)) return;  // killed a moment ago
  cluster_.cluster().kill_worker(name);
  later(between(0, 4000), [this, name] {
    if (!cluster_.cluster().has_worker(name)) cluster_.start_worker(name);
  });
}

void Rehearsal::pause_worker() {
  const std::string name = some_worker();
  if (!cluster_.cluster().has_worker(name)) return;
  cluster_.cluster().worker(name).signal(SIGSTOP);
  later(between(200, 8000), [this, name] {
    if (cluster_.cluster().has_worker(name)) cluster_.cluster().worker(name).signal(SIGCONT);
  });
}

void Rehearsal::cut_off_worker() {
  const std::string name = some_worker();
  cluster_.cut_off(name);
  later(between(500, 8000), [this, name] { cluster_.reconnect(name); });
}

void Rehearsal::kill_trial() {
  const std::vector<pid_t> trials = cluster_.cluster().trials_of(some_worker());
  if (!trials.empty()) ::kill(trials[random_() % trials.size()], SIGKILL);
}

void Rehearsal::break_next_call(CallFault fault) {
  const std::string method = kMethods[random_() % kMethods.size()];
  const std::lock_guard lock(mutex_);
  to_break_.emplace(method, fault);
}

CallFault Rehearsal::fault_of(const std::string& method) {
  const std::lock_guard lock(mutex_);
  const auto found = to_break_.find(method.substr(method.rfind('/') + 1));
  if (found == to_break_.end()) return {};
  const CallFault fault = found->second;
  to_break_.erase(found);
  return fault;
}

/// There are always enough trials for every slot, and none waits for long.
void Rehearsal::keep_busy() {
  const v1::StateCounts counts = cluster_.counts();
  if (counts.queued() < kWorkers) {
    cluster_.submit("rehearsal-" + std::to_string(sweeps_), kSweepTrials, sweeps_ * kSweepTrials);
    ++sweeps_;
  }
  if (Clock::now() >= next_help_) help_along();
}

/// What a person does for trials that wait or were given up: pause and resume end a backoff, retry queues again.
void Rehearsal::help_along() {
  next_help_ = Clock::now() + kBetweenHelp;
  v1::ListRequest all;
  all.set_limit(10'000);
  const auto listed = cluster_.ask(&RecordedCluster::People::List, all);
  for (const v1::SweepSummary& sweep : listed.sweeps()) {
    const auto change = [&](auto method) {
      v1::ChangeRequest request;
      request.mutable_sweep()->set_sweep_id(sweep.sweep_id());
      request.set_request_id(random_hex_128());
      cluster_.ask(method, request);
    };
    if (sweep.counts().failed() > 0) change(&RecordedCluster::People::Retry);
    if (sweep.counts().backoff() + sweep.counts().paused() == 0) continue;
    change(&RecordedCluster::People::Pause);
    change(&RecordedCluster::People::Resume);
  }
}

std::string Rehearsal::some_worker() { return worker_name(static_cast<int>(random_() % kWorkers)); }

milliseconds Rehearsal::between(int least, int most) {
  return milliseconds(std::uniform_int_distribution(least, most)(random_));
}

void Rehearsal::later(milliseconds wait, std::function<void()> mend) {
  mends_.emplace(Clock::now() + wait, std::move(mend));
}

void Rehearsal::mend(Clock::time_point until) {
  while (!mends_.empty() && mends_.begin()->first <= until) {
    const auto action = mends_.begin()->second;
    mends_.erase(mends_.begin());
    action();
  }
}

}  // namespace oodml::testing
