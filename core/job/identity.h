#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::job {

/// What lies on a disk, in hashes by what they are of: "images of birds", "split 3 of birds", "weights
/// resnet50-imagenet", "script vit.pt". What is not there is unknown.
using DataStamps = std::map<std::string, std::string>;

/// What the hashes are of, as people read it.
std::string images_of(std::string_view benchmark);
std::string split_of(std::string_view benchmark, std::string_view id);
std::string weights_named(std::string_view name);
std::string script_named(std::string_view file);

/// "images of birds=3f2a;split 3 of birds=77ab", for a field that is a text.
std::string stamps_text(const DataStamps& stamps);
/// What can be read of it: a text may have been cut at its end.
DataStamps parse_stamps(std::string_view text);

/// What decides a trial's numbers beside its specification, as its process found it when it started.
struct Identity {
  std::int64_t results_version = 0;  ///< core/base/results_version.h; 0: unknown
  std::string program;               ///< The program's version, for people: numbers follow results_version.
  std::string data;                  ///< stamps_text of what the trial reads.
  friend bool operator==(const Identity&, const Identity&) = default;
};

/// Nothing is known of it: an older program did not say.
inline bool is_unknown(const Identity& identity) { return identity.results_version == 0 && identity.data.empty(); }

/// What both know and in which they differ: "results version", "split 3 of birds". Empty: figures of both belong
/// together.
std::vector<std::string> differences(const Identity& a, const Identity& b);

}  // namespace oodml::job
