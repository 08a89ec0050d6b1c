#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace oodml::testing {

/// A real Slurm on this machine with two nodes of two processors each: munge, slurmctld and two slurmd, with a key, a
/// configuration and ports of its own, everything below one folder. Jobs of the partition `urgent` take the nodes of
/// those of `batch`, which are queued again. They run as whoever runs the test.
class SlurmDaemons {
 public:
  /// Why there can be none here; empty: there can.
  static std::string why_not();

  /// Throws std::runtime_error with the daemons' logs when they do not come up.
  explicit SlurmDaemons(std::filesystem::path folder);
  ~SlurmDaemons();
  SlurmDaemons(const SlurmDaemons&) = delete;
  SlurmDaemons& operator=(const SlurmDaemons&) = delete;

  /// For Slurm's commands.
  std::map<std::string, std::string> environment() const;
  Output command(const std::vector<std::string>& words) const;
  /// Ids of jobs of this name in this state.
  std::vector<std::string> jobs(const std::string& name, const std::string& state) const;
  std::string logs() const;
  /// Ends every job, then the daemons.
  void stop();

 private:
  void write_configuration() const;
  void start(const std::string& name, const std::vector<std::string>& words);

  const std::filesystem::path folder_;
  std::map<std::string, Process> daemons_;
};

}  // namespace oodml::testing
