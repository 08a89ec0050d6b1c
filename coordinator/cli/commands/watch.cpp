#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/sweep_source.h"
#include "coordinator/cli/watch/follow.h"

namespace oodml::cli {

namespace {

/// Nothing happens to a sweep that no run works on: it is shown once.
Result<int> show_as_left(Session& session, Client& client, const v1::SweepRef& sweep, bool judge) {
  v1::GetRequest request;
  *request.mutable_sweep() = sweep;
  OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(request));
  const std::int64_t hidden = reply.sweep().trials() - reply.trials_size();
  session.print([&] { return json_of(reply); },
                [&] {
                  return sweep_text(reply, reply.next_after_trial_id() == 0 ? 0 : hidden, session.now_millis(),
                                    session.around.out_style);
                });
  const bool incomplete = reply.sweep().counts().succeeded() < reply.sweep().trials();
  if (incomplete) session.note("There is nothing to wait for; the command of the run goes on with it.\n");
  return judge && incomplete ? kExitIncomplete : kExitDone;
}

}  // namespace

Result<int> watch_sweep(Session& session, const v1::SweepRef& sweep, bool judge,
                        std::optional<std::chrono::milliseconds> at_most) {
  const auto start = std::chrono::steady_clock::now();
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  // The stream itself waits for a lost coordinator for ever; one that is not there should be said at once.
  v1::GetRequest request;
  *request.mutable_sweep() = sweep;
  request.set_limit(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply known, client->get(request));
  v1::SweepRef ref;  // by id: another sweep of the same name may come meanwhile
  ref.set_sweep_id(known.sweep().sweep_id());
  const std::string id = std::to_string(ref.sweep_id());
  if (!session.idle_folder().empty()) return show_as_left(session, *client, ref, judge);

  WatchModel model;
  const std::unique_ptr<WatchSink> sink = make_sink(session, /*to_error=*/false);
  const auto time_left = [&]() -> Status {
    const bool over = at_most && std::chrono::steady_clock::now() - start >= *at_most;
    return over ? Status(StatusCode::kDeadlineExceeded, "the time is over") : Status();
  };
  const Result<FollowEnd> end = follow(session, *client, ref, *sink, model, time_left, session.around.interrupts());
  if (!end && !time_left().ok()) {
    session.note("The time is over and the sweep goes on. Come back with: oodml watch " + id + session.state_flag() +
                 "\n");
    return kExitTimeOver;
  }
  if (!end) return failure(end.error());
  if (*end == FollowEnd::kInterrupted) {
    session.note("Stopped watching; the sweep goes on. Come back with: oodml watch " + id + session.state_flag() +
                 "\n");
    return kExitInterrupted;
  }
  const bool incomplete = model.incomplete();
  if (incomplete && !session.json()) {
    session.note("Not every trial has a result (" + counts_text(model.sweep()->counts(), session.around.err_style) +
                 "). Why: oodml show " + id + " --only failed" + session.state_flag() +
                 ", and for one of them oodml show trial ID" + session.state_flag() +
                 "; what its process printed: oodml logs ID --output" + session.state_flag() + "; again: oodml retry " +
                 id + "\n");
  }
  return judge && incomplete ? kExitIncomplete : kExitDone;
}

void add_watch(CommandLine& line) {
  CLI::App* command = line.add("watch", "Watch a sweep until it is finished; Ctrl-C leaves it running", "Sweeps",
                               {"oodml watch smoke", "oodml watch 3 --wait && oodml results 3",
                                "oodml watch 3 --wait --timeout 3600     exit code 8 when it takes longer",
                                "oodml watch 1 --state oodml-state     a run of oodml local, from another terminal",
                                "oodml watch 3 -o json     one document a line"});
  auto sweep = std::make_shared<std::string>();
  auto wait = std::make_shared<bool>(false);
  auto seconds = std::make_shared<double>(0);
  command->add_option("sweep", *sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  command->add_flag("--wait", *wait, "Exit with 3 when some trials failed or have no result");
  CLI::Option* timeout =
      command->add_option("--timeout", *seconds, "Leave with 8 when the sweep has not ended after so many seconds")
          ->type_name("SECONDS")
          ->check(CLI::Range(0.0, 1e9).description(""));
  line.on_stored(command, [sweep, wait, seconds, timeout](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(const v1::SweepRef ref, sweep_ref(*sweep));
    const auto at_most = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
    return watch_sweep(session, ref, *wait, timeout->count() > 0 ? std::optional(at_most) : std::nullopt);
  });
}

}  // namespace oodml::cli
