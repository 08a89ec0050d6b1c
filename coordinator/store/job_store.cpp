#include "coordinator/store/job_store.h"

#include "core/base/atomic_file.h"

namespace oodml::coordinator::store {
namespace {

// Checkpoints of 4 MiB of log; after a long read the log is cut back to 64 MiB.
constexpr const char* kWriterPragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;"
    "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";

}  // namespace

JobStore::~JobStore() {
  if (writer_) writer_->stop();
}

Result<std::unique_ptr<JobStore>> JobStore::open(const std::filesystem::path& database, int reader_connections,
                                                 const std::vector<Migration>& schema) {
  OODML_ASSIGN_OR_RETURN(OwnerLock lock, OwnerLock::take(database));
  std::unique_ptr<JobStore> store(new JobStore(std::move(lock), newest_version(schema)));
  try {
    auto writer = std::make_unique<Connection>(database, Access::kWrite);
    // Before the journal mode is touched: a database that is refused stays as it was.
    OODML_RETURN_IF_ERROR(check_version(*writer, schema));
    writer->script(kWriterPragmas);
    OODML_RETURN_IF_ERROR(migrate(*writer, schema));
    store->readers_ = std::make_unique<Readers>(database, reader_connections);
    store->writer_ = std::make_unique<Writer>(std::move(writer));
  } catch (const SqliteError& error) {
    return failure(error.status());
  }
  OODML_RETURN_IF_ERROR(sync_folder(database.has_parent_path() ? database.parent_path() : "."));
  return store;
}

}  // namespace oodml::coordinator::store
