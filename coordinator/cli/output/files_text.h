#pragma once

#include <cstdint>
#include <string>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "oodml/v1/artifacts.pb.h"

namespace oodml::cli {

/// `oodml artifacts`: one line a file, those of a trial together.
std::string files_text(const v1::ListArtifactsReply& reply, std::int64_t now_millis, const Style& style);
Json json_of(const v1::ListArtifactsReply& reply);

/// How far a transfer is, in one line: "3/12 files  [####....]  1.2 GiB of 2.4 GiB  97.3 MiB/s".
struct Transfer {
  std::int64_t files = 0, files_total = 0;
  std::int64_t bytes = 0, bytes_total = 0;
  double bytes_per_second = 0;  ///< 0: not known yet.
};
std::string transfer_line(const Transfer& transfer, const Style& style);

}  // namespace oodml::cli
