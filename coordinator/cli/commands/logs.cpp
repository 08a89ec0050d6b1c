#include <thread>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/job/trial_state.h"

namespace oodml::cli {
namespace {

constexpr std::int64_t kPage = 1000;
constexpr std::chrono::milliseconds kPollInterval{1000};
constexpr std::chrono::milliseconds kTick{50};

struct LogsOptions {
  std::int64_t trial = 0;
  bool follow = false;
};

bool over(const v1::TrialSummary& trial) {
  const auto state = job::parse_trial_state(trial.state());
  return state && job::is_final(*state);
}

/// The whole pause, or until the person interrupts: then true.
bool interrupted_within(Session& session, std::chrono::milliseconds length, int interrupts_before) {
  for (auto waited = std::chrono::milliseconds(0); waited < length; waited += kTick) {
    if (session.around.interrupts() > interrupts_before) return true;
    std::this_thread::sleep_for(kTick);
  }
  return false;
}

void print_event(Session& session, const v1::Event& event) {
  session.print(session.json() ? json_line(json_of(event)) : event_line(event, session.around.out_style));
}

void print_end(Session& session, const v1::TrialSummary& trial) {
  const std::string note = trial_note(trial, session.now_millis());
  session.note("Trial " + std::to_string(trial.trial_id()) + " " + trial.state() + (note.empty() ? "" : ", " + note) +
               "\n");
}

Result<int> logs(Session& session, const LogsOptions& options) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  const int interrupts_before = options.follow ? session.around.interrupts() : 0;
  v1::GetTrialRequest request;
  request.set_trial_id(options.trial);
  request.set_max_events(kPage);
  while (true) {
    OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client->get_trial(request));
    for (const auto& event : reply.events()) print_event(session, event);
    request.set_events_after(request.events_after() + reply.events_size());
    if (reply.events_size() == kPage) continue;
    if (options.follow && !over(reply.trial())) {
      if (interrupted_within(session, kPollInterval, interrupts_before)) return kExitInterrupted;
      continue;
    }
    if (!session.json()) print_end(session, reply.trial());
    return kExitDone;
  }
}

}  // namespace

void add_logs(CommandLine& line) {
  CLI::App* command =
      line.add("logs", "Print a trial's events: progress, metrics, warnings, how it ended", "Sweeps",
               {"oodml logs 17", "oodml logs 17 --follow", "oodml logs 17 -o json     one event a line"});
  auto options = std::make_shared<LogsOptions>();
  command->add_option("trial", options->trial, "Id of the trial")->required()->type_name("ID")->check(an_id());
  command->add_flag("-f,--follow", options->follow, "Go on until the trial has ended");
  line.on(command, [options](Session& session) { return logs(session, *options); });
}

}  // namespace oodml::cli
