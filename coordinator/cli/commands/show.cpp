#include <algorithm>
#include <filesystem>
#include <optional>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sharing_text.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/trial_text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/job/limits.h"
#include "core/job/trial_state.h"

namespace oodml::cli {
namespace {

constexpr int kShownToPeople = 50;

struct ShowOptions {
  std::string what;
  std::int64_t trial = 0;
  std::vector<std::string> states;  ///< --only, and words of --state that are one.
  std::vector<std::string> state;   ///< --state: a folder, or as ever a trial's state.
  std::vector<std::string> where;
  bool all = false;
  bool yaml = false;
};

const std::vector<std::string> kStates = {"queued", "running", "backoff", "paused", "succeeded", "failed", "cancelled"};

bool is_state(const std::string& word) { return std::ranges::find(kStates, word) != kStates.end(); }

/// Tells folders from states in --state.
Result<std::string> take_state(ShowOptions& options) {
  std::string folder;
  for (const std::string& word : options.state) {
    if (is_state(word)) {
      options.states.push_back(word);
      continue;
    }
    std::error_code error;
    if (!std::filesystem::is_directory(word, error)) {
      return not_found("--state " + word + ": no such folder of oodml local, and no state of a trial; states: " +
                       joined(kStates) + catalogue::did_you_mean(word, kStates));
    }
    if (!folder.empty())
      return invalid_argument("--state names two folders, " + folder + " and " + word + "; give one");
    folder = word;
  }
  return folder;
}

std::int64_t in_states(const v1::SweepSummary& sweep, const std::vector<std::string>& states) {
  if (states.empty()) return sweep.trials();
  const auto& counts = sweep.counts();
  const std::map<std::string, std::int64_t> by_state = {
      {"queued", counts.queued()},      {"running", counts.running()},     {"backoff", counts.backoff()},
      {"paused", counts.paused()},      {"succeeded", counts.succeeded()}, {"failed", counts.failed()},
      {"cancelled", counts.cancelled()}};
  std::int64_t sum = 0;
  for (const std::string& state : states) sum += by_state.at(state);
  return sum;
}

Result<int> show_sweep(Session& session, const ShowOptions& options) {
  v1::GetRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.what));
  for (const std::string& state : options.states) request.add_states(state);
  for (const std::string& terms : options.where) request.add_where(terms);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  const bool all = options.all || session.json();
  // How many trials have these labels nobody counts beforehand.
  OODML_ASSIGN_OR_RETURN(v1::GetReply reply,
                         client->get_trials(request, all || !options.where.empty() ? 0 : kShownToPeople));
  if (options.yaml && !session.json()) {
    session.print(reply.yaml());
    return kExitDone;
  }
  std::int64_t hidden =
      reply.next_after_trial_id() == 0 ? 0 : in_states(reply.sweep(), options.states) - reply.trials_size();
  if (!all && reply.trials_size() > kShownToPeople) {
    hidden = reply.trials_size() - kShownToPeople;
    reply.mutable_trials()->DeleteSubrange(kShownToPeople, static_cast<int>(hidden));
  }
  session.print([&] { return json_of(reply); },
                [&] {
                  return sweep_text(reply, std::max<std::int64_t>(0, hidden), session.now_millis(),
                                    session.around.out_style);
                });
  return kExitDone;
}

/// Of a trial that is queued; nothing where nobody hands out trials: a folder of oodml local, an older coordinator.
Result<std::optional<v1::ExplainOrderReply>> order_of(Client& client, const v1::TrialSummary& trial) {
  if (trial.state() != job::to_text(job::TrialState::kQueued)) return std::nullopt;
  v1::ExplainOrderRequest request;
  request.set_trial_id(trial.trial_id());
  Result<v1::ExplainOrderReply> order = client.explain_order(request);
  if (order.has_value()) return *std::move(order);
  const StatusCode code = order.error().code();
  if (code == StatusCode::kUnimplemented || code == StatusCode::kFailedPrecondition) return std::nullopt;
  return failure(order.error());
}

Result<int> show_trial(Session& session, std::int64_t id) {
  v1::GetTrialRequest request;
  request.set_trial_id(id);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client->get_trial(request));
  OODML_ASSIGN_OR_RETURN(const std::optional<v1::ExplainOrderReply> order, order_of(*client, reply.trial()));
  session.print(
      [&] {
        Json body = json_of(reply);
        if (order) body["order"] = json_of(*order);
        return body;
      },
      [&] {
        return trial_text(reply, session.now_millis(), session.around.out_style) + (order ? order_text(*order) : "");
      });
  return kExitDone;
}

}  // namespace

void add_show(CommandLine& line) {
  CLI::App* command =
      line.add("show", "Show a sweep or a trial: states, why trials wait, how they failed", "Sweeps",
               {"oodml show smoke", "oodml show 3 --only failed", "oodml show 3 --where criterion=margin,split=1..3",
                "oodml show trial 17", "oodml show 3 --yaml", "oodml show 1 --state oodml-state     of oodml local"});
  auto options = std::make_shared<ShowOptions>();
  command->add_option("sweep", options->what, "Id or name of a sweep (its newest), or the word trial")
      ->required()
      ->type_name("SWEEP");
  command->add_option("id", options->trial, "After the word trial: the trial's id")->type_name("ID")->check(an_id());
  command
      ->add_option(
          "--only", options->states,
          "Only trials in this state: queued, running, backoff, paused, succeeded, failed or cancelled; may be repeated")
      ->type_name("STATE")
      ->allow_extra_args(false)
      ->check([](const std::string& word) -> std::string {
        if (is_state(word)) return "";
        return "'" + word + "' is no state of a trial; states: " + joined(kStates) +
               catalogue::did_you_mean(word, kStates);
      });
  command
      ->add_option(
          "--state", options->state,
          "Read what oodml local left, or is doing, in its state folder (./oodml-state unless it was told another); "
          "a state of trials works as with --only")
      ->type_name("DIR")
      ->allow_extra_args(false);
  add_where(command, options->where);
  command->add_flag("--all", options->all, "Every trial, not only the first 50");
  command->add_flag("--yaml", options->yaml, "The sweep as it was submitted");
  line.on(command, [options](Session& session) -> Result<int> {
    const bool trial = options->what == "trial";
    if (options->trial == 0 && trial) {
      return invalid_argument("show trial wants the trial's id after it, as in: oodml show trial 17");
    }
    OODML_ASSIGN_OR_RETURN(const std::string folder, take_state(*options));
    OODML_RETURN_IF_ERROR(session.read_state(folder));
    if (options->trial == 0) return show_sweep(session, *options);
    if (!trial)
      return invalid_argument("show takes one sweep; for a trial write: oodml show trial " +
                              std::to_string(options->trial));
    return show_trial(session, options->trial);
  });
}

}  // namespace oodml::cli
