#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/sweep_source.h"
#include "coordinator/cli/watch/follow.h"

namespace oodml::cli {

Result<int> watch_sweep(Session& session, const v1::SweepRef& sweep, bool judge) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  // The stream itself waits for a lost coordinator for ever; one that is not there should be said at once.
  v1::GetRequest request;
  *request.mutable_sweep() = sweep;
  request.set_limit(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply known, client->get(request));
  v1::SweepRef ref;  // by id: another sweep of the same name may come meanwhile
  ref.set_sweep_id(known.sweep().sweep_id());
  const std::string id = std::to_string(ref.sweep_id());

  WatchModel model;
  const std::unique_ptr<WatchSink> sink = make_sink(session, /*to_error=*/false);
  OODML_ASSIGN_OR_RETURN(const FollowEnd end, follow(session, *client, ref, *sink, model, nullptr));
  if (end == FollowEnd::kInterrupted) {
    session.note("Stopped watching; the sweep goes on. Come back with: oodml watch " + id + "\n");
    return kExitInterrupted;
  }
  const bool incomplete = model.incomplete();
  if (incomplete && !session.json()) {
    session.note("Not every trial has a result (" + counts_text(model.sweep()->counts(), session.around.err_style) +
                 "): oodml show " + id + " --state failed; again with: oodml retry " + id + "\n");
  }
  return judge && incomplete ? kExitIncomplete : kExitDone;
}

void add_watch(CommandLine& line) {
  CLI::App* command = line.add("watch", "Watch a sweep until it is finished; Ctrl-C leaves it running", "Sweeps",
                               {"oodml watch smoke", "oodml watch 3 --wait && oodml results 3",
                                "oodml watch 3 -o json     one document a line"});
  auto sweep = std::make_shared<std::string>();
  auto wait = std::make_shared<bool>(false);
  command->add_option("sweep", *sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  command->add_flag("--wait", *wait, "Exit with 3 when some trials failed or have no result");
  line.on(command, [sweep, wait](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(const v1::SweepRef ref, sweep_ref(*sweep));
    return watch_sweep(session, ref, *wait);
  });
}

}  // namespace oodml::cli
