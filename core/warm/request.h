#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::warm {

/// The template's end of the socket (SOCK_SEQPACKET), on which it says kReady once and then gets requests.
inline constexpr int kSocketDescriptor = 3;
inline constexpr char kReady = 'r';
/// The most bytes of a request; a longer one cannot be asked of a template.
inline constexpr std::size_t kMaxRequest = 64 << 10;

/// To become a trial. With it come open files, kDescriptors of them.
struct Request {
  std::string folder;              ///< Working directory.
  std::string variable;            ///< NAME=value, in addition to the template's own environment.
  std::vector<std::string> words;  ///< The command line, the program's name first.
};

enum Descriptor { kNull, kLog, kEvents, kReport, kDescriptors };  ///< stdin; stdout and stderr; events; Reports

/// What is written to the report's pipe: by the template and by the copy who the copy is, by the copy what went wrong.
/// The end of the pipe without an error: it is the trial now; without a number: there is no copy.
struct Report {
  std::int32_t pid = 0;
  std::int32_t error = 0;  ///< errno
};

/// Texts with a NUL after each; kInvalidArgument when one holds a NUL, or it gets longer than kMaxRequest.
Result<std::string> encode(const Request& request);
Result<Request> decode(std::string_view bytes);

}  // namespace oodml::warm
