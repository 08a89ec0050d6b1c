#include <limits>
#include <optional>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/settings_text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/ids.h"

namespace oodml::cli {
namespace {

struct PriorityOptions {
  std::string sweep;
  std::int64_t priority = 0;
};

struct LimitOptions {
  std::string sweep;
  std::optional<std::int64_t> max_parallel, max_failures;
};

Result<int> set_priority(Session& session, const PriorityOptions& options) {
  v1::SetPriorityRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.sweep));
  request.set_priority(options.priority);
  request.set_request_id(random_hex_128());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::ChangeReply reply, client->set_priority(request));
  session.print([&] { return json_of(reply); }, [&] { return priority_text(reply); });
  return kExitDone;
}

Result<int> set_limits(Session& session, const LimitOptions& options) {
  if (!options.max_parallel && !options.max_failures) {
    return invalid_argument("limit wants --max-parallel N, --max-failures N or both; 0 takes a limit away");
  }
  v1::SetLimitsRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.sweep));
  if (options.max_parallel) request.set_max_parallel(*options.max_parallel);
  if (options.max_failures) request.set_max_failures(*options.max_failures);
  request.set_request_id(random_hex_128());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::ChangeReply reply, client->set_limits(request));
  session.print([&] { return json_of(reply); }, [&] { return limits_text(reply); });
  return kExitDone;
}

CLI::Validator a_count() {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return CLI::Range(std::int64_t{0}, kMost).description("");
}

}  // namespace

void add_priority(CommandLine& line) {
  CLI::App* command = line.add("priority", "Change a sweep's priority; its trials that wait are moved at once",
                               "Changing sweeps", {"oodml priority smoke 10", "oodml priority 3 -5"});
  auto options = std::make_shared<PriorityOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  command->add_option("priority", options->priority, "Larger goes first; 0 is usual")->required()->type_name("N");
  line.on(command, [options](Session& session) { return set_priority(session, *options); });
}

void add_limit(CommandLine& line) {
  CLI::App* command =
      line.add("limit", "Change how many trials of a sweep run at once, and how many may fail", "Changing sweeps",
               {"oodml limit smoke --max-parallel 4", "oodml limit 3 --max-failures 10 --max-parallel 0"});
  auto options = std::make_shared<LimitOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  command->add_option("--max-parallel", options->max_parallel, "Trials at once; 0: no limit")
      ->type_name("N")
      ->check(a_count());
  command->add_option("--max-failures", options->max_failures, "Failed trials with which the sweep is paused; 0: never")
      ->type_name("N")
      ->check(a_count());
  line.on(command, [options](Session& session) { return set_limits(session, *options); });
}

}  // namespace oodml::cli
