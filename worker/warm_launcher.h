#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "worker/process_launcher.h"
#include "worker/trial_template.h"

namespace oodml::worker {

/// Starts trials of the core as copies of a template, and everything else, or when there is no template, anew. The
/// first trial waits for the template, which is kept until this object goes; another core or another environment makes
/// another template. Whatever becomes of a template, a trial is started. Thread-safe.
class WarmLauncher final : public ProcessLauncher {
 public:
  explicit WarmLauncher(TemplateTerms terms = {});
  ~WarmLauncher() override;  ///< After the children have ended.

  Result<std::unique_ptr<Process>> launch(const LaunchSpec& spec) override;

  /// Of the template; 0: there is none.
  pid_t template_pid();

 private:
  std::unique_ptr<Process> copy(const LaunchSpec& spec);
  bool make_template(const LaunchSpec& spec);
  void note_failure(const Status& why);
  void keep();
  void in_keeper(std::function<void()> work);

  const TemplateTerms terms_;
  SystemProcessLauncher fresh_;
  std::mutex mutex_;  // guards the template and what is known of it
  std::unique_ptr<TrialTemplate> template_;
  std::filesystem::path core_;
  int failures_ = 0;  ///< In a row.

  std::mutex keeper_mutex_;  // guards those below
  std::condition_variable keeper_wakes_;
  std::function<void()> work_;
  bool over_ = false;
  std::thread keeper_;  ///< Starts templates: they, and the copies, are killed when the thread that did ends.
};

}  // namespace oodml::worker
