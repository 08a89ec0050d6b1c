#pragma once

namespace oodml::trial {

/// What the factories know, for people or as {"version": 1, "criteria": [...], ...}.
int print_components(bool as_json);

/// The devices a trial can run on: {"version": 1, "devices": [{"name": "cpu", "threads": 8}, {"name": "cuda:0",
/// "memory_mib": 81559, "model": "..."}]}.
int print_devices(bool as_json);

}  // namespace oodml::trial
