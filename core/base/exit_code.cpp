#include "core/base/exit_code.h"

namespace oodml {

const char* to_text(ExitCode code) {
  switch (code) {
    case kExitDone:
      return "done";
    case kExitFailed:
      return "failed";
    case kExitUsage:
      return "wrong usage, specification or input";
    case kExitIncomplete:
      return "some trials have no result";
    case kExitNotAllowed:
      return "not allowed";
    case kExitNotFound:
      return "not found";
    case kExitConflict:
      return "conflict with what is there";
    case kExitUnreachable:
      return "coordinator unreachable";
    case kExitTimeOver:
      return "the time is over";
    case kExitDiskFailed:
      return "the database's disk failed";
    case kExitStopped:
      return "stopped with a checkpoint";
    case kExitPeerLost:
      return "another replica was lost";
    case kExitInterrupted:
      return "interrupted";
  }
  return "failed";
}

std::string exit_codes_help(std::initializer_list<ExitCode> codes) {
  constexpr std::size_t kWidth = 110;
  std::string text, line = "Exit codes:";
  for (const ExitCode code : codes) {
    const bool last = code == *(codes.end() - 1);
    const std::string entry = " " + std::to_string(code) + " " + to_text(code) + (last ? "." : ",");
    if (line.size() + entry.size() > kWidth) {
      text += line + "\n";
      line = entry.substr(1);
    } else {
      line += entry;
    }
  }
  return text + line;
}

ExitCode exit_code_of(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return kExitDone;
    case StatusCode::kInvalidArgument:
      return kExitUsage;
    case StatusCode::kPermissionDenied:
    case StatusCode::kUnauthenticated:
      return kExitNotAllowed;
    case StatusCode::kNotFound:
      return kExitNotFound;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
    case StatusCode::kFailedPrecondition:
      return kExitConflict;
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
      return kExitUnreachable;
    case StatusCode::kCancelled:
      return kExitInterrupted;
    case StatusCode::kResourceExhausted:
    case StatusCode::kDataLoss:
    case StatusCode::kUnimplemented:
    case StatusCode::kInternal:
      return kExitFailed;
  }
  return kExitFailed;
}

ExitCode exit_code_here(StatusCode code) {
  switch (code) {
    case StatusCode::kDataLoss:
      return kExitUsage;
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
      return kExitFailed;
    default:
      return exit_code_of(code);
  }
}

}  // namespace oodml
