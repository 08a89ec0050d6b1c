#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "core/base/result.h"
#include "core/connection/certificates.h"

namespace oodml::coordinator::web {

/// What TLS connections of a server are made from; TLS 1.2 and later.
using TlsContext = std::shared_ptr<SSL_CTX>;

/// kInternal: OpenSSL does not take the certificate or its key.
Result<TlsContext> tls_context(const ServerCertificate& certificate);

}  // namespace oodml::coordinator::web
