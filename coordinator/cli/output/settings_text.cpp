#include "coordinator/cli/output/settings_text.h"

#include "coordinator/cli/output/text.h"

namespace oodml::cli {

std::string priority_text(const v1::ChangeReply& reply) {
  const v1::SweepSummary& sweep = reply.sweep();
  return "Priority of sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() + " is " +
         std::to_string(sweep.priority()) + " (" + counted(reply.changed(), "trial") + " to go).\n";
}

std::string limits_text(const v1::ChangeReply& reply) {
  const v1::SweepSummary& sweep = reply.sweep();
  const std::string parallel = sweep.max_parallel() == 0
                                   ? "as many trials at once as there are slots"
                                   : "at most " + counted(sweep.max_parallel(), "trial") + " at once";
  const std::string failures = sweep.max_failures() == 0
                                   ? "never paused by failures"
                                   : "paused with " + counted(sweep.max_failures(), "failed trial");
  return "Sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() + ": " + parallel + ", " + failures + ".\n";
}

std::string whoami_text(const v1::WhoAmIReply& reply) {
  if (reply.name().empty()) return "Nobody is asked for a token here: everybody may do everything.\n";
  const std::string may = reply.role() == "operator"    ? "sees everything and may change everything"
                          : reply.role() == "submitter" ? "sees everything, submits, and may change its own sweeps"
                                                        : "sees everything and changes nothing";
  return reply.name() + ", " + reply.role() + ": " + may + (reply.scripts() ? "; may submit scripts" : "") + "\n";
}

Json json_of(const v1::WhoAmIReply& reply) {
  return {{"name", reply.name().empty() ? Json() : Json(reply.name())},
          {"role", reply.role()},
          {"scripts", reply.scripts()}};
}

}  // namespace oodml::cli
