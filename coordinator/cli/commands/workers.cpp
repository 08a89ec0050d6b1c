#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sharing_text.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "core/base/ids.h"

namespace oodml::cli {
namespace {

struct WorkersOptions {
  std::string verb, worker, reason;
};

Result<int> list(Session& session) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::ListWorkersReply reply, client->workers());
  session.print([&] { return json_of(reply); },
                [&] { return workers_text(reply, session.now_millis(), session.around.out_style); });
  return kExitDone;
}

struct Verb {
  v1::WorkerMark mark;
  const char* done;
};
const std::map<std::string, Verb> kVerbs = {{"cordon", {v1::WORKER_MARK_CORDONED, "cordoned"}},
                                            {"drain", {v1::WORKER_MARK_DRAINED, "drained"}},
                                            {"uncordon", {v1::WORKER_MARK_NONE, "uncordoned"}}};

Result<int> mark(Session& session, const WorkersOptions& options) {
  if (options.worker.empty()) {
    return invalid_argument("workers " + options.verb + " wants a worker's name or id, as in: oodml workers " +
                            options.verb + " gpu-1");
  }
  const Verb& verb = kVerbs.at(options.verb);
  v1::MarkWorkerRequest request;
  request.set_worker(options.worker);
  request.set_mark(verb.mark);
  request.set_reason(options.reason);
  request.set_request_id(random_hex_128());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::MarkWorkerReply reply, client->mark_worker(request));
  session.print([&] { return json_of(reply); }, [&] { return marked_text(options.worker, verb.done, reply); });
  return kExitDone;
}

}  // namespace

void add_workers(CommandLine& line) {
  CLI::App* command =
      line.add("workers",
               "List workers: slots, what they have on disk, running trials, why one takes none; cordon or drain them",
               "Service",
               {"oodml workers", "oodml workers -o json", "oodml workers cordon gpu-1 --reason \"new fans\"",
                "oodml workers drain gpu-1", "oodml workers uncordon gpu-1"});
  auto options = std::make_shared<WorkersOptions>();
  command
      ->add_option("verb", options->verb,
                   "cordon: no new trial there; drain: what runs there stops with a checkpoint as well, and goes on "
                   "elsewhere; uncordon: trials again. For operators")
      ->type_name("cordon|drain|uncordon")
      ->check(CLI::IsMember({"cordon", "drain", "uncordon"}).description(""));
  command->add_option("worker", options->worker, "The worker's name, or its id")->type_name("NAME");
  command->add_option("--reason", options->reason, "Shown to those who ask why it takes no trials")->type_name("TEXT");
  line.on(command, [options](Session& session) -> Result<int> {
    return options->verb.empty() ? list(session) : mark(session, *options);
  });
}

}  // namespace oodml::cli
