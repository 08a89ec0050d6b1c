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

Result<v1::ListArtifactsRequest> file_selection(const std::string& command, const FileOwners& owners) {
  v1::ListArtifactsRequest request;
  const bool is_word = owners.what == "trial";
  if (is_word && owners.trial == 0) {
    return invalid_argument(command + " trial wants the trial's id after it, as in: oodml " + command + " trial 17");
  }
  if (!is_word && owners.trial != 0) {
    return invalid_argument(command + " takes one sweep; for a trial write: oodml " + command + " trial " +
                            std::to_string(owners.trial));
  }
  if (is_word || owners.what.starts_with("trial:")) {
    if (!owners.where.empty())
      return invalid_argument("--where chooses among the trials of a sweep; this is one trial");
    std::int64_t id = owners.trial;
    if (!is_word) {
      OODML_ASSIGN_OR_RETURN(id, trial_reference(owners.what));
    }
    request.set_trial_id(id);
    return request;
  }
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(owners.what));
  for (const std::string& terms : owners.where) request.add_where(terms);
  return request;
}

}  // namespace oodml::cli
