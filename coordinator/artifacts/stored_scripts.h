#pragma once

#include <string>

#include "coordinator/artifacts/content_store.h"
#include "coordinator/service/scripts.h"

namespace oodml::coordinator::artifacts {

/// ScriptFiles in a ContentStore: contents that get their names with the trials of a submission.
class StoredScripts final : public ScriptFiles {
 public:
  explicit StoredScripts(ContentStore& contents) : contents_(contents) {}

  Result<ContentPresence> offer(const ContentName& content) override;
  Result<ContentPresence> put(const ContentName& content, std::int64_t offset, std::string_view data) override;
  Result<std::int64_t> hold(const std::string& sha256) override;

 private:
  ContentStore& contents_;
};

}  // namespace oodml::coordinator::artifacts
