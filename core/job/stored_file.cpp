#include "core/job/stored_file.h"

namespace oodml::job {

const char* to_text(FileKind kind) {
  constexpr const char* kNames[] = {"checkpoint", "best", "last", "log", "results", "csv", "tensorboard"};
  return kNames[static_cast<int>(kind)];
}

}  // namespace oodml::job
