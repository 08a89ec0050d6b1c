#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/security.h"
#include "tests/support/lossy_proxy.h"
#include "tests/support/process.h"

namespace oodml::testing {

/// A sweep named faults of `seeds` trials of three epochs; the trial with id i has the seed i - 1.
std::string faults_sweep(int seeds);
inline constexpr std::int64_t kMetricsOfATrial = 9;  ///< Of each: a loss and two metrics of the test set an epoch.

/// How the attempts of a trial ended, in order.
using Ends = std::vector<std::string>;

struct ClusterTerms {
  std::string lease = "3", heartbeat = "1", restart_grace = "3";  ///< Seconds, as the coordinator takes them.
  bool tls = Security::wanted();                                  ///< TLS and a token for each role.
  /// Through a proxy the coordinator may come back on another port, and messages may be lost. Else all talk to it
  /// directly, on one port through all its lives: a connection to one that is away is refused.
  bool through_proxy = true;
  std::vector<std::string> coordinator_words = {};  ///< More for the coordinator's command line.
};

/// What `oodml show` says of a trial.
struct ShownTrial {
  std::int64_t id = 0, attempt = 0;
  std::string state;
  bool has_recall = false;  ///< An epoch of it has arrived.
};

/// What one worker has beside the others.
struct WorkerExtras {
  std::vector<std::string> options;
  std::map<std::string, std::string> environment;
  std::string coordinator;  ///< Where it finds the coordinator; empty: address().
  std::string script;       ///< In place of the cluster's, until it is mended; empty: the cluster's.
  int min_free_mib = 0;
};

/// The installed programs with scripted trials as their core, everything below one folder.
class Cluster {
 public:
  /// `script`: tests/support/scripted_trial/script.h.
  Cluster(std::filesystem::path folder, const std::string& script, ClusterTerms terms = {});

  void start_coordinator();
  void kill_coordinator();  ///< -9
  void stop_coordinator();  ///< SIGTERM, cleanly.
  Process& coordinator() { return *coordinator_; }
  /// A second start with the same name is the same worker's next life.
  Process& start_worker(const std::string& name, int slots = 1, const WorkerExtras& extras = {});
  /// What most tests begin with: the coordinator, a sweep, and a worker named first.
  Process& start_with(const std::string& sweep, int slots = 1, const WorkerExtras& extras = {});
  bool has_worker(const std::string& name) const { return workers_.contains(name); }
  Process& worker(const std::string& name) { return workers_.at(name); }
  /// From now on the trials of a worker with a script of its own do nothing else than train.
  void mend(const std::string& name);
  void kill_worker(const std::string& name);  ///< -9
  /// Workers drain, then the coordinator stops: all cleanly, and no process is left.
  void stop();

  LossyProxy& proxy() { return proxy_; }
  int coordinator_port() const;
  Security& security() { return security_; }
  /// Where workers and people find the coordinator.
  std::string address() const;
  /// For an `oodml` that the test starts itself.
  std::map<std::string, std::string> environment() const;
  std::filesystem::path database() const { return folder_ / "db" / "coordinator.db"; }
  std::filesystem::path weights() const { return folder_ / "weights"; }
  std::filesystem::path state(const std::string& worker) const { return folder_ / worker; }
  std::string coordinator_log() const { return read_text(folder_ / "coordinator.log"); }
  std::string worker_log(const std::string& name) const { return read_text(folder_ / (name + ".log")); }
  std::vector<pid_t> trials_of(const std::string& worker) const { return processes_with(state(worker) / "runs"); }

  Output oodml(std::vector<std::string> words) const;
  void submit(const std::string& yaml) const;
  std::vector<ShownTrial> trials() const;
  /// Trials in one of these states.
  int count(const std::vector<std::string>& states) const;
  /// Queues trials that wait for their backoff at once, as a person would.
  void skip_backoff() const;
  /// `oodml watch --wait`: true when every trial has its result in time.
  bool all_succeed(std::chrono::seconds within = std::chrono::seconds(90)) const;
  /// One line a trial and metric.
  std::string table() const;
  /// How many figures the database of a stopped coordinator holds.
  std::int64_t metric_points() const;

 private:
  std::filesystem::path script_of(const std::string& worker) const { return folder_ / (worker + "-script.json"); }

  const std::filesystem::path folder_;
  const ClusterTerms terms_;
  Security security_;
  const int port_;  ///< Without a proxy: of the coordinator; else 0.
  LossyProxy proxy_;
  std::optional<Process> coordinator_;
  std::map<std::string, Process> workers_;
};

/// The table of the same sweep when nothing happens.
std::string calm_table(const std::string& yaml);

/// How the attempts ended, by the trial's id; read from the database of a stopped coordinator.
std::map<std::int64_t, Ends> outcomes(const std::filesystem::path& database);

/// One number out of the database of a stopped coordinator.
std::int64_t number_of(const std::filesystem::path& database, const std::string& sql);

}  // namespace oodml::testing
