#include <algorithm>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/history_text.h"

namespace oodml::cli {
namespace {

/// Of the sweeps that share a trial the newest: each is a question.
constexpr std::size_t kMostSweeps = 20;

Result<std::vector<v1::SweepSummary>> sweeps_of(Client& client, const v1::GetTrialReply& trial) {
  std::vector<std::int64_t> ids(trial.sweep_ids().begin(), trial.sweep_ids().end());
  std::ranges::sort(ids);
  if (ids.size() > kMostSweeps) ids.erase(ids.begin(), ids.end() - kMostSweeps);
  std::vector<v1::SweepSummary> sweeps;
  for (const std::int64_t id : ids) {
    v1::GetRequest request;
    request.mutable_sweep()->set_sweep_id(id);
    request.set_limit(1);
    OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(request));
    sweeps.push_back(reply.sweep());
  }
  return sweeps;
}

Result<int> show_history(Session& session, std::int64_t trial) {
  v1::GetTrialRequest request;
  request.set_trial_id(trial);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client->get_trial(request));
  OODML_ASSIGN_OR_RETURN(const std::vector<v1::SweepSummary> sweeps, sweeps_of(*client, reply));
  session.print([&] { return history_json(reply, sweeps); },
                [&] { return history_text(reply, sweeps, session.now_millis(), session.around.out_style); });
  return kExitDone;
}

}  // namespace

void add_history(CommandLine& line) {
  CLI::App* command =
      line.add("history", "Every run and attempt of a trial, what each measured, and which sweep asked for it",
               "Sweeps", {"oodml history 17", "oodml history 17 --state oodml-state", "oodml history 17 -o json"});
  auto trial = std::make_shared<std::int64_t>(0);
  command->add_option("trial", *trial, "Id of the trial, as oodml show lists them")
      ->required()
      ->type_name("ID")
      ->check(an_id());
  line.on_stored(command, [trial](Session& session) { return show_history(session, *trial); });
}

}  // namespace oodml::cli
