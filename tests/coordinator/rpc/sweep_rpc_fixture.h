#pragma once

#include <string>

#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {

/// SweepService over the wire before a service that answers what a test says.
class SweepRpcTest : public RpcTest {};

inline SweepView some_sweep() {
  return {.id = SweepId{4},
          .name = "smoke",
          .state = "running",
          .created = from_millis(1000),
          .finished = std::nullopt,
          .trials = 28,
          .counts = {1, 2, 3, 4, 5, 6, 7},
          .priority = 9};
}

inline TrialView some_trial(std::int64_t id) {
  return {.id = TrialId{id},
          .fingerprint = std::string(64, 'f'),
          .labels = {{"criterion", "r_margin"}, {"seed", "0"}},
          .state = job::TrialState::kBackoff,
          .attempt = 2,
          .worker = "gpu-1",
          .slot = "cuda:0",
          .started = from_millis(10),
          .finished = std::nullopt,
          .not_before = from_millis(30),
          .outcome = "infrastructure",
          .message = "disk caf\xe9",
          .waiting_for = "backoff",
          .progress = job::Progress{.epoch = 3},
          .newest_recall = job::Metric{3, "test", "embeds", "e_recall@1", 0.5},
          .failed_on = {{.worker = "gpu-3", .times = 2, .newest = from_millis(40), .message = "no caf\xe9"}}};
}

inline v1::SweepText sweep_text() {
  v1::SweepText text;
  text.set_yaml("version: 1\n");
  text.set_file_name("smoke.yaml");
  v1::Setting& setting = *text.add_overrides();
  setting.set_key("epochs");
  setting.set_value("3");
  return text;
}

}  // namespace oodml::coordinator::rpc
