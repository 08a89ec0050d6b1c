#include "coordinator/cli/session.h"

#include <ostream>
#include <thread>

#include "coordinator/cli/local/state_reader.h"

namespace oodml::cli {

const char* to_text(Format format) {
  switch (format) {
    case Format::kTable:
      return "table";
    case Format::kJson:
      return "json";
    case Format::kCsv:
      return "csv";
    case Format::kLatex:
      return "latex";
    case Format::kMarkdown:
      return "markdown";
  }
  return "table";
}

void Session::print(const std::string& text) const { around.out << text << std::flush; }

void Session::note(const std::string& text) const { around.err << text << std::flush; }

void Session::print(const std::function<Json()>& document, const std::function<std::string()>& text) const {
  print(json() ? json_text(document()) : text());
}

Status Session::read_state(const std::string& folder) {
  if (folder.empty()) return {};
  OODML_ASSIGN_OR_RETURN(reader_, StateReader::open(folder));
  connection = reader_->connection();
  if (!reader_->is_live() && format == Format::kTable) {
    note("What " + reader_->folder().string() + " holds; no oodml local is running there.\n");
  }
  return {};
}

Status Session::look_at_state_again() {
  if (!reader_ || !reader_->is_live()) return {};
  OODML_ASSIGN_OR_RETURN(std::shared_ptr<StateReader> now, StateReader::open(reader_->folder()));
  if (now->connection().address == reader_->connection().address) return {};
  hang_up();
  reader_ = std::move(now);
  connection = reader_->connection();
  return {};
}

std::string Session::idle_folder() const {
  return reader_ && !reader_->is_live() ? reader_->folder().string() : std::string();
}

std::string Session::state_flag() const { return reader_ ? " --state " + reader_->folder().string() : std::string(); }

bool Session::interrupted_within(std::chrono::milliseconds length, int interrupts_before) const {
  constexpr std::chrono::milliseconds kTick{50};
  for (auto waited = std::chrono::milliseconds(0); waited < length; waited += kTick) {
    if (around.interrupts() > interrupts_before) return true;
    std::this_thread::sleep_for(kTick);
  }
  return false;
}

Result<Client*> Session::client() {
  if (client_ == nullptr) {
    OODML_ASSIGN_OR_RETURN(client_, Client::open(connection));
    for (const std::string& warning : client_->warnings()) note("Warning: " + warning + "\n");
  }
  return client_.get();
}

}  // namespace oodml::cli
