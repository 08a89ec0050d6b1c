#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/job/script_file.h"
#include "core/job/stored_file.h"
#include "oodml/v1/types.pb.h"
#include "oodml/v1/workers.pb.h"

/// Files that trials left <-> proto/oodml/v1, as job_convert.h has it.
namespace oodml::convert {

v1::StoredFile to_proto(const job::StoredFile& file);
/// The path stays below the folder that it is of; `stored` is what the message says.
Result<job::StoredFile> from_proto(const v1::StoredFile& message);

using StoredFileList = google::protobuf::RepeatedPtrField<v1::StoredFile>;
void add_files(const std::vector<job::StoredFile>& files, StoredFileList& list);
/// `field` names the list in a failure. No path comes twice.
Result<std::vector<job::StoredFile>> stored_files(std::string_view field, const StoredFileList& list);

v1::ScriptFile to_proto(const job::ScriptFile& script);
/// The name stays below the folder that it is put into.
Result<job::ScriptFile> from_proto(const v1::ScriptFile& message);

v1::ResumeFrom to_proto(const job::ResumeFrom& from);
Result<job::ResumeFrom> from_proto(const v1::ResumeFrom& message);

}  // namespace oodml::convert
