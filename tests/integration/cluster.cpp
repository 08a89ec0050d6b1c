#include "tests/integration/cluster.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/integration/database_rows.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using nlohmann::json;

std::filesystem::path scripted_trial() {
  return std::filesystem::path(program("oodml")).parent_path().parent_path() / "tests" / "scripted_trial";
}

}  // namespace

std::string faults_sweep(int seeds) { return scripted_sweep("faults", seeds); }

Cluster::Cluster(std::filesystem::path folder, const std::string& script, ClusterTerms terms)
    : folder_(std::move(folder)),
      terms_(std::move(terms)),
      security_(folder_ / "security", terms_.tls),
      port_(terms_.through_proxy ? 0 : free_port()) {
  for (const char* name : {"db", "benchmarks/fashion_mnist", "weights"})
    std::filesystem::create_directories(folder_ / name);
  write_text(folder_ / "benchmarks/fashion_mnist/images", "an empty folder would be no benchmark");
  write_text(folder_ / "benchmarks" / "script.json", script);
}

void Cluster::start_coordinator() {
  const auto port_file = folder_ / "port";
  const auto log = folder_ / "coordinator.log";
  std::filesystem::remove(port_file);
  std::vector<std::string> words = {program("oodml-coordinator"),
                                    "--listen",
                                    "127.0.0.1:" + std::to_string(port_),
                                    "--port-file",
                                    port_file,
                                    "--database",
                                    database(),
                                    "--lease-seconds",
                                    terms_.lease,
                                    "--heartbeat-seconds",
                                    terms_.heartbeat,
                                    "--restart-grace-seconds",
                                    terms_.restart_grace};
  for (const std::string& word : security_.coordinator_words()) words.push_back(word);
  for (const std::string& word : terms_.coordinator_words) words.push_back(word);
  coordinator_.emplace(words, ProcessOptions{.output = log});
  const bool up = wait_until([&] { return !read_text(port_file).empty() || !coordinator_->running(); });
  if (!up || !coordinator_->running()) throw std::runtime_error("the coordinator did not start:\n" + read_text(log));
  proxy_.lead_to(std::stoi(read_text(port_file)));
}

void Cluster::kill_coordinator() {
  coordinator_->signal(SIGKILL);
  EXPECT_EQ(coordinator_->wait(), 128 + SIGKILL);
}

void Cluster::stop_coordinator() {
  coordinator_->signal(SIGTERM);
  EXPECT_EQ(coordinator_->wait(), 0) << coordinator_log();
}

int Cluster::coordinator_port() const { return std::stoi(read_text(folder_ / "port")); }

std::string Cluster::address() const {
  return terms_.through_proxy ? proxy_.address() : "127.0.0.1:" + std::to_string(port_);
}

std::map<std::string, std::string> Cluster::environment() const {
  auto environment = security_.environment();
  environment["OODML_COORDINATOR"] = address();
  environment["XDG_CONFIG_HOME"] = folder_ / "config";  // not that of whoever runs the tests
  return environment;
}

Process& Cluster::start_worker(const std::string& name, int slots, const WorkerExtras& extras) {
  std::vector<std::string> words = {program("oodml-worker"),
                                    "--coordinator",
                                    extras.coordinator.empty() ? address() : extras.coordinator,
                                    "--name",
                                    name,
                                    "--state-dir",
                                    state(name),
                                    "--benchmarks-root",
                                    folder_ / "benchmarks",
                                    "--weights-root",
                                    weights(),
                                    "--core",
                                    scripted_trial(),
                                    "--cpu-slots",
                                    std::to_string(slots),
                                    "--threads-per-slot",
                                    "1",
                                    "--min-free-mib",
                                    std::to_string(extras.min_free_mib),
                                    "--grace-seconds",
                                    "2"};
  for (const std::string& word : security_.worker_words()) words.push_back(word);
  words.insert(words.end(), extras.options.begin(), extras.options.end());
  std::map<std::string, std::string> environment = extras.environment;
  environment.try_emplace("XDG_CONFIG_HOME", folder_ / "config");
  if (!extras.script.empty()) {
    write_text(script_of(name), extras.script);
    environment["OODML_SCRIPT"] = script_of(name);
  }
  workers_.erase(name);
  const ProcessOptions options{.environment = environment, .folder = {}, .output = folder_ / (name + ".log")};
  return workers_.emplace(name, Process(words, options)).first->second;
}

Process& Cluster::start_with(const std::string& sweep, int slots, const WorkerExtras& extras) {
  start_coordinator();
  submit(sweep);
  return start_worker("first", slots, extras);
}

void Cluster::mend(const std::string& name) { write_text(script_of(name), "{}"); }

void Cluster::kill_worker(const std::string& name) {
  Process& worker = workers_.at(name);
  worker.signal(SIGKILL);
  EXPECT_EQ(worker.wait(), 128 + SIGKILL);
  EXPECT_TRUE(wait_until([&] { return trials_of(name).empty(); }, std::chrono::seconds(10)))
      << "a trial outlived its worker";
  workers_.erase(name);
}

void Cluster::stop() {
  for (auto& [name, worker] : workers_) worker.signal(SIGTERM);
  for (auto& [name, worker] : workers_) EXPECT_EQ(worker.wait(), 0) << worker_log(name);
  workers_.clear();
  stop_coordinator();
  EXPECT_TRUE(processes_with(folder_).empty()) << "a process was left behind";
}

Output Cluster::oodml(std::vector<std::string> words) const {
  words.insert(words.begin(), program("oodml"));
  return run(words, {.environment = environment()});
}

void Cluster::submit(const std::string& yaml) const {
  write_text(folder_ / "sweep.yaml", yaml);
  const Output submitted = oodml({"submit", folder_ / "sweep.yaml"});
  if (submitted.exit_code != 0) throw std::runtime_error("submit: " + submitted.err);
}

std::vector<ShownTrial> Cluster::trials() const {
  const Output shown = oodml({"show", "faults", "-o", "json"});
  const json document = json::parse(shown.out, nullptr, false);
  if (!document.is_object() || !document.contains("trials")) throw std::runtime_error("show: " + shown.out + shown.err);
  std::vector<ShownTrial> trials;
  for (const json& trial : document.at("trials")) {
    trials.push_back({.id = trial.at("id"),
                      .attempt = trial.at("attempt"),
                      .state = trial.at("state"),
                      .has_recall = !trial.at("newest_recall").is_null()});
  }
  return trials;
}

int Cluster::count(const std::vector<std::string>& states) const {
  const auto shown = trials();
  return static_cast<int>(std::count_if(shown.begin(), shown.end(), [&](const ShownTrial& trial) {
    return std::find(states.begin(), states.end(), trial.state) != states.end();
  }));
}

void Cluster::skip_backoff() const {
  for (const char* word : {"pause", "resume"}) EXPECT_EQ(oodml({word, "faults"}).exit_code, 0);
}

bool Cluster::all_succeed(std::chrono::seconds within) const {
  const Output watched = run({program("oodml"), "watch", "faults", "--wait"}, {.environment = environment()}, within);
  if (watched.exit_code == 0) return true;
  ADD_FAILURE() << "oodml watch ended with " << watched.exit_code << "\n"
                << watched.err << oodml({"show", "faults"}).out << coordinator_log();
  return false;
}

std::string Cluster::table() const {
  const Output shown = oodml({"results", "faults", "-o", "csv", "--by", "criterion,seed", "--strict"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  return shown.out;
}

std::int64_t Cluster::metric_points() const { return number_of(database(), "SELECT count(*) FROM metric_points"); }

std::string calm_table(const std::string& yaml) {
  static std::map<std::string, std::string> known;
  std::string& table = known[yaml];
  if (!table.empty()) return table;
  const TemporaryFolder folder;
  Cluster cluster(folder.path(), "{}");
  cluster.start_coordinator();
  cluster.submit(yaml);
  cluster.start_worker("calm", 4);
  if (cluster.all_succeed()) table = cluster.table();
  cluster.stop();
  return table;
}

std::map<std::int64_t, Ends> outcomes(const std::filesystem::path& database) {
  std::map<std::int64_t, Ends> result;
  read_rows(database, "SELECT trial_id, outcome FROM attempts ORDER BY trial_id, attempt",
            [&](const DatabaseRow& row) { result[row.integer(0)].push_back(row.text(1)); });
  return result;
}

std::int64_t number_of(const std::filesystem::path& database, const std::string& sql) {
  std::optional<std::int64_t> number;
  read_rows(database, sql, [&](const DatabaseRow& row) { number = row.integer(0); });
  return number.value();
}

}  // namespace oodml::testing
