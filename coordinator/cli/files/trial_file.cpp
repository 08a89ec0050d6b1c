#include "coordinator/cli/files/trial_file.h"

#include "core/base/atomic_file.h"
#include "core/sweep/sweep.h"
#include "proto/convert/job_convert.h"

namespace oodml::cli {

Status write_trial_file(Client& client, std::int64_t trial, const std::filesystem::path& file) {
  v1::GetTrialRequest request;
  request.set_trial_id(trial);
  request.set_max_events(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client.get_trial(request));
  OODML_ASSIGN_OR_RETURN(const job::TrialSpec spec, convert::from_proto(reply.spec()));
  return write_file_atomically(file, sweep::trial_file_text(spec));
}

}  // namespace oodml::cli
