#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/local_plan.h"
#include "coordinator/cli/local/missing_data.h"
#include "coordinator/cli/local/trial_reads.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/sweep_scripts.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/ids.h"

namespace oodml::cli {
namespace {

struct SubmitOptions {
  SweepSource source;
  std::int64_t priority = 0;
  SharingOptions sharing;
  RootOptions roots;
  bool watch = false;
};

/// Where a folder of benchmarks is known here, its split ids go along for `split: all`; where the person named it for
/// this command, what is missing in it is a refusal.
Status look_at_data(Session& session, const SubmitOptions& options, v1::SweepText& sweep) {
  const DataRoots roots = data_roots(session.around, options.roots.benchmarks, options.roots.weights);
  const Result<job::SweepPlan> here = plan_here(sweep, split_ids_below(roots));
  // What is wrong with it the coordinator says, which may know other ids.
  if (!here || options.roots.benchmarks.empty()) return {};
  return check_data_is_here(reads_of(*here), here->trials.size(), roots);
}

Result<int> submit(Session& session, const SubmitOptions& options) {
  v1::SubmitRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), read_sweep(options.source, session.around.in));
  OODML_RETURN_IF_ERROR(look_at_data(session, options, *request.mutable_sweep()));
  request.set_request_id(random_hex_128());
  request.set_priority(options.priority);
  OODML_RETURN_IF_ERROR(apply(options.sharing, request));
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_RETURN_IF_ERROR(send_scripts(*client, scripts_folder(options.source), request.sweep()));
  OODML_ASSIGN_OR_RETURN(const v1::SubmitReply reply, client->submit(request));
  if (session.json()) {
    session.print(options.watch ? json_line(json_of(reply)) : json_text(json_of(reply)));
  } else {
    session.print(submit_text(reply, session.around.out_style));
  }
  const std::string id = std::to_string(reply.sweep_id());
  if (!options.watch) {
    if (!session.json()) session.print("Follow it with: oodml watch " + id + "; its table: oodml results " + id + "\n");
    return kExitDone;
  }
  v1::SweepRef ref;
  ref.set_sweep_id(reply.sweep_id());
  return watch_sweep(session, ref, /*judge=*/true);
}

}  // namespace

void add_submit(CommandLine& line) {
  CLI::App* command = line.add(
      "submit", "Submit a sweep: its trials are queued and workers take them; files of code that it names go along",
      "Sweeps",
      {"oodml submit sweep.yaml", "oodml submit sweep.yaml --set epochs=2 --watch",
       "oodml submit urgent.yaml --priority 10",
       "oodml submit sweep.yaml --benchmarks-root ~/benchmarks     refused when data is missing there",
       "oodml submit sweep.yaml --rerun --filter split=3     again, as new attempts"});
  auto options = std::make_shared<SubmitOptions>();
  add_sweep_source(command, options->source);
  add_scripts_on_workers(command, options->source);
  command
      ->add_option("--priority", options->priority,
                   "Trials of a larger number go first, before those of sweeps that came earlier; 0 unless said")
      ->type_name("N");
  add_sharing(command, options->sharing);
  add_roots(command, options->roots);
  command->add_flag("--watch", options->watch, "Watch it until it is finished; exit code 3 if some trials failed");
  line.on(command, [options](Session& session) { return submit(session, *options); });
}

}  // namespace oodml::cli
