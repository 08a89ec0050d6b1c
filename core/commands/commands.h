#pragma once

#include <string>
#include <vector>

namespace oodml::commands {

/// What the factories know, for people or as {"version": 1, "criteria": [...], ...}.
int print_components(bool as_json);

/// The devices a trial can run on: {"version": 1, "devices": [{"name": "cpu", "threads": 8}, {"name": "cuda:0",
/// "memory_mib": 81559, "model": "...", "uuid": "GPU-..."}]}. `exercise`: each has to compute something; one that does
/// not gets a "fault".
int print_devices(bool as_json, bool exercise);

/// What this program was built from: {"version": 1, "oodml-core": "0.1.0", "commit": "554b785a1c2d", "build_type":
/// "Release", "libtorch": "2.13.0", "faiss": "1.7.3", "cuda": null}; "cuda" is "13.0" in a build that has it.
int print_version(bool as_json);

/// Decodes each file as training does and prints one line of JSON: {"file": "a.jpg", "width": 500, "height": 375,
/// "mode": "RGB", "sha256": "..."}; mode is how the file stores its pixels, the hash that of the RGB bytes, rows top to
/// bottom. Files that cannot be read are named on stderr. Exit code 0 if all could, else 1.
int print_decoded(const std::vector<std::string>& files);

}  // namespace oodml::commands
