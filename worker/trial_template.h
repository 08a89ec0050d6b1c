#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "worker/descriptor.h"
#include "worker/exit_classifier.h"
#include "worker/process_launcher.h"

namespace oodml::worker {

/// How long it is waited for.
struct TemplateTerms {
  Duration ready = std::chrono::seconds(60);   ///< From its start to its word that it has loaded.
  Duration answer = std::chrono::seconds(10);  ///< From a request to the copy that is the trial.
};

/// A process of the core that has loaded its libraries and becomes trials by copies of itself (core/warm). Killed with
/// this object, and with the thread that started it; its trials live on.
class TrialTemplate {
 public:
  /// Fails when it is not ready in time, or ends before: the program is none that can be a template.
  static Result<std::unique_ptr<TrialTemplate>> start(const std::filesystem::path& core,
                                                      std::vector<std::string> environment, TemplateTerms terms);
  ~TrialTemplate();
  TrialTemplate(const TrialTemplate&) = delete;
  TrialTemplate& operator=(const TrialTemplate&) = delete;

  pid_t pid() const { return pid_; }
  /// NAME=value, of every trial of it, beside its mark.
  const std::vector<std::string>& environment() const { return environment_; }

  /// The trial, a child of this process. After a failure no trial has been started, and the template may be of no use
  /// any more: kAborted when it has ended, as it does when its files were replaced.
  Result<std::unique_ptr<Process>> start_trial(const LaunchSpec& spec);

 private:
  TrialTemplate(pid_t pid, Descriptor socket, std::vector<std::string> environment, TemplateTerms terms);
  Status wait_until_ready() const;
  Result<pid_t> read_reports(const Descriptor& reports, const std::string& what);
  ExitStatus kill();

  pid_t pid_;
  Descriptor socket_;
  std::vector<std::string> environment_;
  TemplateTerms terms_;
  bool ended_ = false;
  ExitStatus status_;
};

}  // namespace oodml::worker
