#pragma once

#include <httplib.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "coordinator/rpc/server.h"
#include "coordinator/web/log_in_limit.h"
#include "coordinator/web/session_table.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/connection/address.h"

namespace oodml::coordinator::web {

/// Who makes a request, and with which token it calls; empty where nobody is asked for one.
struct Visitor {
  rpc::Caller caller;
  std::string token;
  std::string csrf;        ///< Empty: it brought its token itself, and needs none.
  bool may_change = true;  ///< False: the coordinator only shows a database, whatever the caller's role.
};

struct VisitorRules {
  Address listen;  ///< With the port that was taken.
  bool has_tls = false;
  std::string entry_key;    ///< Of a one-time link, which then is the only way in besides tokens; empty: none.
  std::string entry_token;  ///< Of whoever comes by it.
  bool is_read_only = false;
};

/// Decides who may see and do something over HTTP: by a session's cookie, by `Authorization: Bearer TOKEN`, or, where
/// the coordinator asks nobody for tokens and there is no one-time link, everybody on this machine. The token is asked
/// about at each request, so that one which was taken out of the file ends its sessions.
class Visitors {
 public:
  Visitors(const rpc::Server& server, const Clock& clock, VisitorRules rules);

  /// kPermissionDenied for a name of the host that is not ours where there is nothing else to go by: a site elsewhere
  /// may let its own name lead to this machine.
  Status check_host(const httplib::Request& request) const;
  /// kUnauthenticated: nobody known; kResourceExhausted: this address has guessed too often.
  Result<Visitor> admit(const httplib::Request& request);
  /// As admit(), for a request that may change something: one with a cookie has to come from a page of ours.
  Result<Visitor> admit_to_change(const httplib::Request& request);

  /// The cookie of a new session, as the value of Set-Cookie. Failures as admit(), and kFailedPrecondition where there
  /// are no tokens.
  Result<std::string> log_in(const httplib::Request& request, const std::string& token);
  /// The same for the key of the one-time link, once.
  Result<std::string> enter(const httplib::Request& request, const std::string& key);
  /// What removes the cookie.
  std::string log_out(const httplib::Request& request);
  bool has_log_in() const { return server_.asks_for_tokens(); }
  /// What somebody who is not admitted should know, for people: that a session has ended, or that there is a link.
  /// Empty: nothing but that a token is wanted.
  std::string why_log_in(const httplib::Request& request) const;

 private:
  Result<Visitor> by_bearer(const httplib::Request& request, const std::string& header);
  Result<Visitor> by_session(const std::string& id);
  Result<rpc::Caller> identify(const httplib::Request& request, const std::string& token);
  Status check_origin(const httplib::Request& request) const;
  std::string session_id(const httplib::Request& request) const;
  std::string cookie(const std::string& value, std::chrono::seconds age) const;

  const rpc::Server& server_;
  const VisitorRules rules_;
  const std::string open_csrf_;  // of everybody, where nobody is asked
  SessionTable sessions_;
  LogInLimit limit_;
  std::mutex mutex_;
  std::string entry_key_;  // guarded by mutex_; empty once it was used
};

}  // namespace oodml::coordinator::web
