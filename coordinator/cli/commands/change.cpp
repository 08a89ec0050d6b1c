#include <istream>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/ids.h"
#include "core/base/words.h"
#include "core/job/limits.h"

namespace oodml::cli {
namespace {

struct ChangeOptions {
  std::string sweep;
  std::vector<std::int64_t> trials, more_trials;
  std::vector<std::string> where;
  bool yes = false;
  bool after_running = false;  ///< Of pause.
};

using Call = Result<v1::ChangeReply> (Client::*)(const v1::ChangeRequest&);

/// Counts what is not over of the trials with these labels.
Result<std::string> question_where(Client& client, const v1::ChangeRequest& request, v1::GetRequest get) {
  *get.mutable_where() = request.where();
  for (const char* state : {"queued", "running", "backoff", "paused"}) get.add_states(state);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get_trials(get, job::kUsualTrials));
  const bool more = reply.next_after_trial_id() != 0;
  return "Cancel " + std::string(more ? "more than " : "") + counted(reply.trials_size(), "trial") + " of sweep " +
         std::to_string(reply.sweep().sweep_id()) + " " + reply.sweep().name() + " with " +
         joined(request.where(), " and ");
}

/// Asks on a terminal; anything but yes is no.
Result<bool> confirmed(Session& session, Client& client, const v1::ChangeRequest& request) {
  std::string question;
  v1::GetRequest get;
  *get.mutable_sweep() = request.sweep();
  if (request.trial_ids_size() > 0) {
    question = "Cancel " + counted(request.trial_ids_size(), "trial");
  } else if (request.where_size() > 0) {
    OODML_ASSIGN_OR_RETURN(question, question_where(client, request, std::move(get)));
  } else {
    get.set_limit(1);
    OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(get));
    question = "Cancel sweep " + std::to_string(reply.sweep().sweep_id()) + " " + reply.sweep().name() + " (" +
               counts_text(reply.sweep().counts(), session.around.err_style) + ")";
  }
  session.note(question + "? [y/N] ");
  std::string answer;
  std::getline(session.around.in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

Result<int> change(Session& session, const ChangeOptions& options, Call call, const char* done, bool ask) {
  v1::ChangeRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.sweep));
  for (const auto id : options.trials) request.add_trial_ids(id);
  for (const auto id : options.more_trials) request.add_trial_ids(id);
  for (const std::string& terms : options.where) request.add_where(terms);
  request.set_request_id(random_hex_128());
  request.set_after_running(options.after_running);
  const bool must_ask = ask && !options.yes;
  if (must_ask && !session.around.in_is_terminal) {
    return invalid_argument(
        "nothing was cancelled: there is no terminal to ask on; say --yes to cancel without a question");
  }
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  if (must_ask) {
    OODML_ASSIGN_OR_RETURN(const bool yes, confirmed(session, *client, request));
    if (!yes) {
      session.note("Nothing was cancelled.\n");
      return kExitFailed;
    }
  }
  OODML_ASSIGN_OR_RETURN(const v1::ChangeReply reply, (client->*call)(request));
  session.print([&] { return json_of(reply); }, [&] { return change_text(reply, done, session.around.out_style); });
  return kExitDone;
}

/// What add_change made, for options of one command's own.
struct Added {
  CLI::App* command;
  std::shared_ptr<ChangeOptions> options;
};

Added add_change(CommandLine& line, const std::string& name, const std::string& summary,
                 std::initializer_list<const char*> examples, Call call, const char* done, bool ask) {
  CLI::App* command = line.add(name, summary, "Changing sweeps", examples);
  auto options = std::make_shared<ChangeOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  CLI::Option* trial =
      command->add_option("--trial", options->trials, "Only these trials, by id: 17, or 17,18, or repeated")
          ->type_name("ID")
          ->allow_extra_args(false)
          ->delimiter(',')
          ->check(an_id());
  // `cancel 3 --trial 17 18`: what follows the first id.
  command->add_option("trials", options->more_trials, "More ids after --trial")->needs(trial)->group("");
  add_where(command, options->where);
  if (ask) command->add_flag("-y,--yes", options->yes, "Do not ask; needed where there is no terminal to ask on");
  line.on(command, [=](Session& session) { return change(session, *options, call, done, ask); });
  return {command, options};
}

}  // namespace

void add_changes(CommandLine& line) {
  add_change(line, "cancel", "Cancel a sweep or some of its trials; what is finished keeps its results",
             {"oodml cancel smoke", "oodml cancel 3 --trial 17 18",
              "oodml cancel 3 --where criterion=margin,split=1..3", "oodml cancel 3 --yes"},
             &Client::cancel, "Cancelled", true);
  const Added pause =
      add_change(line, "pause", "Take trials out of the queue; running ones stop after their step with a checkpoint",
                 {"oodml pause smoke", "oodml pause smoke --after-running", "oodml pause 3 --trial 17"}, &Client::pause,
                 "Paused", false);
  pause.command->add_flag("--after-running", pause.options->after_running,
                          "Let running trials go on to their end; only those that wait are paused");
  add_change(line, "resume", "Queue paused trials again; those that had begun go on from their checkpoint",
             {"oodml resume smoke", "oodml resume 3 --trial 17"}, &Client::resume, "Resumed", false);
  add_change(line, "retry", "Queue failed and cancelled trials again",
             {"oodml retry smoke", "oodml retry 3 --trial 17", "oodml retry 3 --where seed=0,2"}, &Client::retry,
             "Queued", false);
}

}  // namespace oodml::cli
