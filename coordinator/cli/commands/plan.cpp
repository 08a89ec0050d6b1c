#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/sweep_source.h"

namespace oodml::cli {
namespace {

struct PlanOptions {
  std::string file;
  std::vector<std::string> settings;
  bool trials = false;
};

Result<v1::PlanReply> ask(Session& session, const v1::SweepText& text, bool with_trials) {
  v1::PlanRequest request;
  *request.mutable_sweep() = text;
  request.set_with_trials(with_trials);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  return client->plan(request);
}

Result<int> plan(Session& session, const PlanOptions& options) {
  OODML_ASSIGN_OR_RETURN(const v1::SweepText text, read_sweep(options.file, options.settings, session.around.in));
  // Without a coordinator named by the person the plan is made here: it needs none.
  const bool remote = session.connection.given;
  Result<v1::PlanReply> planned = remote ? ask(session, text, options.trials) : plan_here(text);
  if (!planned) return failure(planned.error());
  v1::PlanReply reply = std::move(*planned);
  if (!options.trials) reply.clear_planned();
  Json document = json_of(reply);
  if (!remote) document["new_trials"] = Json();
  session.print(document, [&] { return plan_text(reply, remote, session.around.out_style); });
  return kExitDone;
}

}  // namespace

void add_plan(CommandLine& line) {
  CLI::App* command = line.add("plan", "Check a sweep and count its trials, without submitting it", "Sweeps",
                               {"oodml plan sweep.yaml", "oodml plan sweep.yaml --trials",
                                "oodml plan sweep.yaml --coordinator gpu1:7070    also says what is new there"});
  auto options = std::make_shared<PlanOptions>();
  add_sweep_source(command, options->file, options->settings);
  command->add_flag("--trials", options->trials, "List every trial");
  line.on(command, [options](Session& session) { return plan(session, *options); });
}

}  // namespace oodml::cli
