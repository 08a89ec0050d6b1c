#pragma once

#include "coordinator/service/artifacts.h"
#include "coordinator/service/census.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/scripts.h"
#include "coordinator/service/sharing.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/service/upkeep.h"

namespace oodml::coordinator {

/// The coordinator without its wire: store, queue, leases, results. One per database.
class Service {
 public:
  virtual ~Service() = default;  ///< Commits what is under way, then closes.
  virtual Sweeps& sweeps() = 0;
  virtual Leases& leases() = 0;
  virtual Sharing& sharing() = 0;
  virtual TokenOwners& token_owners() = 0;
  virtual Artifacts& artifacts() = 0;
  virtual Uploads& uploads() = 0;
  virtual ScriptFiles& scripts() = 0;
  virtual Upkeep& upkeep() = 0;
  /// From memory: asked often.
  virtual WriterLoad writer_load() { return {}; }
  /// Counts rows of the database; takes longer the more there are.
  virtual Result<Census> census() { return Census(); }
  /// Reads its files again (webhooks). A failure leaves what there was.
  virtual Status reload() { return Status(); }
  /// Lets time-driven work happen (expired leases, backoff that is over, long polls that are due). Called a few
  /// times a second by main, and by tests after they moved their FakeClock.
  virtual void tick() = 0;
};

}  // namespace oodml::coordinator
