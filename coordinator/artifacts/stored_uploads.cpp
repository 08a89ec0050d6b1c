#include "coordinator/artifacts/stored_uploads.h"

#include "coordinator/artifacts/lease_check.h"
#include "coordinator/store/file_table.h"

namespace oodml::coordinator::artifacts {

Status StoredUploads::check(const job::Lease& lease) {
  return detail::status_of(store_.read([&](store::Connection& database) { return last_attempt(database, lease); }));
}

Result<ContentPresence> StoredUploads::offer(const job::Lease& lease, const ContentName& content) {
  OODML_RETURN_IF_ERROR(check(lease));
  return contents_.offer(content);
}

Result<ContentPresence> StoredUploads::put(const job::Lease& lease, const ContentName& content, std::int64_t offset,
                                           std::string_view data) {
  OODML_RETURN_IF_ERROR(check(lease));
  return contents_.put(content, offset, data);
}

Status StoredUploads::hold_all(const std::vector<job::StoredFile>& files) {
  for (const job::StoredFile& file : files) {
    OODML_ASSIGN_OR_RETURN(const bool whole, contents_.hold({.sha256 = file.sha256, .bytes = file.bytes}));
    if (!whole) {
      return failed_precondition("the content " + file.sha256 + " of " + file.path +
                                 " is not whole in the store; offer it first");
    }
  }
  return {};
}

void StoredUploads::publish(const job::Lease& lease, const std::vector<job::StoredFile>& files,
                            Reply<std::monostate> reply) {
  if (Status held = hold_all(files); !held.ok()) return reply(failure(std::move(held)));
  store_.write<std::monostate>(
      [lease, files, now = clock_.now()](store::Connection& database) -> Result<std::monostate> {
        OODML_RETURN_IF_ERROR(detail::status_of(last_attempt(database, lease)));
        OODML_RETURN_IF_ERROR(store::publish_files(database, lease, files, now));
        return std::monostate{};
      },
      std::move(reply));
}

Result<std::int64_t> StoredUploads::append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                                  bool over) {
  OODML_RETURN_IF_ERROR(check(lease));
  OODML_ASSIGN_OR_RETURN(const OutputState state, outputs_.append(lease.trial, lease.attempt, offset, data, over));
  output_grew_(lease.trial);
  return state.end;
}

void StoredUploads::note_quiet(const job::Lease& lease) {
  outputs_.note_quiet(lease.trial, lease.attempt);
  output_grew_(lease.trial);
}

Result<ContentChunk> StoredUploads::take(const job::Lease& lease, const std::string& sha256, std::int64_t offset) {
  const Status allowed = store_.read([&](store::Connection& database) -> Status {
    OODML_RETURN_IF_ERROR(detail::status_of(last_attempt(database, lease)));
    if (store::has_content(database, lease.trial, sha256)) return {};
    return not_found("trial " + std::to_string(lease.trial.value) + " has no file with the SHA-256 " + sha256);
  });
  OODML_RETURN_IF_ERROR(allowed);
  return contents_.read(sha256, offset);
}

}  // namespace oodml::coordinator::artifacts
