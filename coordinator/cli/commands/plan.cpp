#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/local_plan.h"
#include "coordinator/cli/local/missing_data.h"
#include "coordinator/cli/local/smoke.h"
#include "coordinator/cli/local/trial_reads.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/sweep_scripts.h"
#include "coordinator/cli/sweep_source.h"

namespace oodml::cli {
namespace {

struct PlanOptions {
  SweepSource source;
  bool trials = false, smoke = false, allow_scripts = false;
  RootOptions roots;
  std::shared_ptr<std::string> state;
};

Result<v1::PlanReply> ask(Session& session, const v1::SweepText& text, bool with_trials) {
  v1::PlanRequest request;
  *request.mutable_sweep() = text;
  request.set_with_trials(with_trials);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  return client->plan(request);
}

Status scripts_allowed(Session& session, const v1::SweepText& text) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  return check_may_submit_scripts(*client, text);
}

/// Without a coordinator nobody knows what is new.
Json plan_json(const v1::PlanReply& reply, const v1::SweepText& text, bool remote) {
  Json document = json_of(reply);
  document["scripts"] = scripts_json(text);
  if (!remote) document["new_trials"] = Json();
  return document;
}

Result<int> plan(Session& session, const PlanOptions& options) {
  OODML_RETURN_IF_ERROR(session.read_state(*options.state));
  const DataRoots roots = data_roots(session.around, options.roots.benchmarks, options.roots.weights);
  OODML_ASSIGN_OR_RETURN(v1::SweepText text, read_sweep(options.source, session.around.in));
  // Without a coordinator named by the person the plan is made here: it needs none.
  const bool remote = session.connection.given;
  const Result<job::SweepPlan> here = plan_here(text, split_ids_below(roots));
  if (!here && !remote) return failure(here.error());
  OODML_ASSIGN_OR_RETURN(const v1::PlanReply reply,
                         remote ? ask(session, text, options.trials) : reply_of(*here, options.trials));
  session.print([&] { return plan_json(reply, text, remote); },
                [&] { return plan_text(reply, remote, session.around.out_style) + scripts_text(text); });
  const Status scripts = remote ? scripts_allowed(session, text) : Status();
  if (!scripts.ok()) session.note(scripts.message() + "\n");
  // A plan for other machines is no business of this one's folders, unless somebody names them.
  std::error_code ignored;
  const bool looks = here && (roots.named ? !remote || !options.roots.benchmarks.empty()
                                          : !remote && std::filesystem::is_directory(roots.benchmarks, ignored));
  const Status found = looks ? check_data_is_here(reads_of(*here), here->trials.size(), roots) : Status();
  if (!found.ok()) session.note(found.message() + "\n");
  if (!found.ok() && roots.named) return kExitNotFound;
  if (!scripts.ok()) return exit_code_of(scripts.code());
  if (!options.smoke) return kExitDone;
  if (!here) return failure(here.error());
  return run_smoke(session, *here,
                   {.data = roots, .scripts = scripts_folder(options.source), .allow_scripts = options.allow_scripts});
}

}  // namespace

void add_plan(CommandLine& line) {
  CLI::App* command = line.add(
      "plan", "Check a sweep, count its trials, and look for their data where a folder of it is known; submits nothing",
      "Sweeps",
      {"oodml plan sweep.yaml", "oodml plan sweep.yaml --trials",
       "oodml plan sweep.yaml --benchmarks-root ~/benchmarks     exit code 5 when something is missing there",
       "oodml plan sweep.yaml --smoke --benchmarks-root ~/benchmarks     a minute before a week",
       "oodml plan sweep.yaml --coordinator gpu1:7070    also says what is new there, and how long it will take",
       "oodml plan sweep.yaml --state oodml-state        the same of what oodml local ran there"});
  auto options = std::make_shared<PlanOptions>();
  add_sweep_source(command, options->source);
  add_scripts_on_workers(command, options->source);
  command->add_flag("--trials", options->trials, "List every trial");
  command->add_flag("--smoke", options->smoke,
                    "Then run one short trial of each row here, and say how each went; exit code 1 when one failed");
  command->add_flag("--allow-scripts", options->allow_scripts,
                    "With --smoke: also rows with files of code of the sweep's (docs/pytorch.md), run as you");
  add_roots(command, options->roots);
  options->state = add_state(command);
  line.on(command, [options](Session& session) { return plan(session, *options); });
}

}  // namespace oodml::cli
