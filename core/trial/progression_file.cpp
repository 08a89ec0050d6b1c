#include "core/trial/progression_file.h"

#include "core/base/atomic_file.h"

namespace oodml::trial {

Status ProgressionFile::write(const train::SamplingProgression& progression) {
  if (written_ == progression.rows.size()) return {};
  OODML_RETURN_IF_ERROR(write_file_atomically(path_, progression.csv()));
  written_ = progression.rows.size();
  return {};
}

}  // namespace oodml::trial
