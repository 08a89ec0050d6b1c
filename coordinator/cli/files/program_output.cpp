#include "coordinator/cli/files/program_output.h"

#include <chrono>
#include <string>

#include "coordinator/cli/files/artifact_client.h"
#include "core/base/exit_code.h"
#include "core/job/trial_state.h"

namespace oodml::cli {
namespace {

/// How long an answer may be waited for: a Ctrl-C is heard in between.
constexpr std::chrono::milliseconds kWait{1000};

/// Where the reading is.
struct Place {
  std::int64_t attempt = 0;
  std::int64_t offset = 0;
};

/// Bytes of a program, for a terminal: what would move the cursor or change the terminal is shown as '?'.
std::string for_terminal(std::string bytes) {
  for (char& c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F) c = '?';
  }
  return bytes;
}

Result<v1::ReadOutputReply> read(Session& session, const ProgramOutput& wanted, const Place& place) {
  OODML_RETURN_IF_ERROR(session.look_at_state_again());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  v1::ReadOutputRequest request;
  request.set_trial_id(wanted.trial);
  request.set_attempt(place.attempt);
  request.set_offset(place.offset);
  request.set_wait_millis(wanted.follow ? kWait.count() : 0);
  return ArtifactClient(*client).output(request);
}

void print_piece(Session& session, const v1::ReadOutputReply& reply, Place& place) {
  if (place.attempt != 0 && reply.offset() > place.offset) {
    session.note("[" + std::to_string(reply.offset() - place.offset) + " bytes are not kept]\n");
  }
  place.attempt = reply.attempt();
  place.offset = reply.offset() + std::ssize(reply.data());
  session.print(session.around.out_is_terminal ? for_terminal(reply.data()) : reply.data());
}

/// Whether the trial will print no more, or `place` is at its next attempt's beginning.
Result<bool> has_ended(Session& session, const ProgramOutput& wanted, Place& place) {
  if (wanted.attempt != 0) return true;
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  v1::GetTrialRequest request;
  request.set_trial_id(wanted.trial);
  request.set_max_events(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client->get_trial(request));
  if (reply.trial().attempt() > place.attempt) {
    place = {.attempt = reply.trial().attempt(), .offset = 0};
    session.note("[attempt " + std::to_string(place.attempt) + " on " + reply.trial().worker_id() + "]\n");
    return false;
  }
  const auto state = job::parse_trial_state(reply.trial().state());
  return state && job::is_final(*state);
}

}  // namespace

Result<int> print_program_output(Session& session, const ProgramOutput& asked) {
  ProgramOutput wanted = asked;
  wanted.follow = asked.follow && session.idle_folder().empty();
  const int interrupts_before = wanted.follow ? session.around.interrupts() : 0;
  Place place{.attempt = wanted.attempt};
  bool answered = false;
  while (true) {
    const Result<v1::ReadOutputReply> reply = read(session, wanted, place);
    const bool away = !reply && answered && wanted.follow && reply.error().code() == StatusCode::kUnavailable;
    if (!reply && !away) return failure(reply.error());
    answered = true;
    bool waits = away;
    if (reply) {
      print_piece(session, *reply, place);
      if (!wanted.follow && reply->data().empty()) return kExitDone;
      if (wanted.follow && reply->over()) {
        const std::int64_t before = place.attempt;
        OODML_ASSIGN_OR_RETURN(const bool ended, has_ended(session, wanted, place));
        if (ended) return kExitDone;
        waits = place.attempt == before;
      }
    }
    if (wanted.follow && session.around.interrupts() > interrupts_before) return kExitInterrupted;
    if (waits && session.interrupted_within(kWait, interrupts_before)) return kExitInterrupted;
  }
}

}  // namespace oodml::cli
