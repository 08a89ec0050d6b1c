#include "coordinator/cli/files/file_selection.h"

#include <charconv>
#include <string_view>

#include "coordinator/cli/sweep_source.h"

namespace oodml::cli {

Result<std::int64_t> trial_reference(const std::string& word) {
  constexpr std::string_view kPrefix = "trial:";
  std::int64_t id = 0;
  const char* const begin = word.data() + kPrefix.size();
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(begin, end, id);
  if (read.ec == std::errc() && read.ptr == end && id > 0) return id;
  return invalid_argument("'" + word + "': trial:ID wanted, as in trial:17; oodml show lists the ids");
}

Result<v1::ListArtifactsRequest> file_selection(const std::string& command, const std::string& what,
                                                std::int64_t trial) {
  v1::ListArtifactsRequest request;
  if (what.starts_with("trial:")) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t id, trial_reference(what));
    request.set_trial_id(id);
    return request;
  }
  if (what == "trial") {
    if (trial == 0) {
      return invalid_argument(command + " trial wants the trial's id after it, as in: oodml " + command + " trial 17");
    }
    request.set_trial_id(trial);
    return request;
  }
  if (trial != 0) {
    return invalid_argument(command + " takes one sweep; for a trial write: oodml " + command + " trial " +
                            std::to_string(trial));
  }
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(what));
  return request;
}

}  // namespace oodml::cli
