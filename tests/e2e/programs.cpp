#include "tests/e2e/programs.h"

#include <signal.h>

#include <stdexcept>

namespace oodml::testing {

void make_fashion_mnist(const std::filesystem::path& root) {
  const Output made = run({"/bin/bash", source("deploy/fashion_mnist.sh"), root});
  if (made.exit_code != 0) throw std::runtime_error("deploy/fashion_mnist.sh: " + made.err);
}

std::vector<std::string> local_command(const std::filesystem::path& folder, const std::string& state,
                                       const std::vector<std::string>& further) {
  std::vector<std::string> words = {program("oodml"),
                                    "local",
                                    source("tests/e2e/tiny.yaml"),
                                    "--state",
                                    folder / state,
                                    "--benchmarks-root",
                                    folder / "benchmarks",
                                    "--slots",
                                    "2",
                                    "--threads-per-slot",
                                    "1"};
  words.insert(words.end(), further.begin(), further.end());
  return words;
}

CoordinatorProgram::CoordinatorProgram(const std::filesystem::path& folder) : folder_(folder) { start(); }

void CoordinatorProgram::start() {
  const auto port_file = folder_ / "port";
  std::filesystem::remove(port_file);
  process_.emplace(
      std::vector<std::string>{program("oodml-coordinator"), "--listen", address_.empty() ? "127.0.0.1:0" : address_,
                               "--port-file", port_file, "--database", folder_ / "coordinator.db", "--lease-seconds",
                               "6", "--heartbeat-seconds", "1", "--restart-grace-seconds", "6"},
      ProcessOptions{.output = folder_ / "coordinator.log"});
  const bool up = wait_until([&] { return !read_text(port_file).empty() || !process_->running(); });
  if (!up || !process_->running()) throw std::runtime_error("coordinator: " + read_text(folder_ / "coordinator.log"));
  const std::string port = read_text(port_file);
  address_ = "127.0.0.1:" + port.substr(0, port.find('\n'));
}

void CoordinatorProgram::kill() {
  process_->signal(SIGKILL);
  process_->wait();
}

void CoordinatorProgram::stop() {
  process_->signal(SIGTERM);
  if (const int code = process_->wait(); code != 0) {
    throw std::runtime_error("the coordinator ended with " + std::to_string(code));
  }
}

Process start_worker(const CoordinatorProgram& coordinator, const std::filesystem::path& folder,
                     const std::filesystem::path& benchmarks, const std::string& name,
                     const std::vector<std::string>& further) {
  std::vector<std::string> command = {program("oodml-worker"),
                                      "--coordinator",
                                      coordinator.address(),
                                      "--name",
                                      name,
                                      "--state-dir",
                                      folder / name,
                                      "--benchmarks-root",
                                      benchmarks,
                                      "--cpu-slots",
                                      "1",
                                      "--threads-per-slot",
                                      "1"};
  command.insert(command.end(), further.begin(), further.end());
  return Process(command, {.output = folder / (name + ".log")});
}

Output oodml(const CoordinatorProgram& coordinator, std::vector<std::string> words) {
  words.insert(words.begin(), program("oodml"));
  return run(words, {.environment = {{"OODML_COORDINATOR", coordinator.address()}}}, std::chrono::minutes(5));
}

nlohmann::json figures_of(const std::filesystem::path& results) {
  auto figures = nlohmann::json::parse(read_text(results));
  for (const char* part : {"last", "best"}) {
    for (const char* measured : {"seconds", "data_wait"}) {
      if (figures.at(part).contains("train")) figures.at(part).at("train").erase(measured);
    }
  }
  return figures;
}

}  // namespace oodml::testing
