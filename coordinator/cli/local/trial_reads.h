#pragma once

#include "core/identity/data_reader.h"
#include "oodml/v1/types.pb.h"

namespace oodml::cli {

/// What of a machine's disk a planned trial reads.
identity::TrialReads reads_of(const v1::TrialSpec& spec);

}  // namespace oodml::cli
