#include "coordinator/web/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string>

namespace oodml::coordinator::web {
namespace {

template <auto Free>
struct FreedBy {
  void operator()(auto* object) const { Free(object); }
};
using PemText = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;

PemText pem_text(const std::string& text) {
  return PemText(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// OpenSSL's newest reason.
Failure refused(const std::string& what) {
  char reason[256] = "";
  ERR_error_string_n(ERR_get_error(), reason, sizeof(reason));
  ERR_clear_error();
  return internal_error("TLS of the web page: " + what + ": " + reason);
}

Status use_chain(SSL_CTX& context, const std::string& pem) {
  const PemText text = pem_text(pem);
  for (bool first = true;; first = false) {
    const std::unique_ptr<X509, FreedBy<X509_free>> link(PEM_read_bio_X509_AUX(text.get(), nullptr, nullptr, nullptr));
    if (link == nullptr && first) return refused("no certificate");
    if (link == nullptr) break;  // read_server_certificate has made sure that it is the end of the file
    const bool taken =
        first ? SSL_CTX_use_certificate(&context, link.get()) == 1 : SSL_CTX_add1_chain_cert(&context, link.get()) == 1;
    if (!taken) return refused("a certificate of the chain");
  }
  ERR_clear_error();
  return Status();
}

}  // namespace

Result<TlsContext> tls_context(const ServerCertificate& certificate) {
  ERR_clear_error();
  const TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (context == nullptr) return refused("no context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  OODML_RETURN_IF_ERROR(use_chain(*context, certificate.chain));
  const PemText text = pem_text(certificate.key);
  const std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>> key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) return refused("the private key");
  return context;
}

}  // namespace oodml::coordinator::web
