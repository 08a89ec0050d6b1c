#include "tests/support/certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "core/base/ids.h"

namespace oodml::testing {
namespace {

template <auto Free>
struct Freed {
  void operator()(auto* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

void check(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL could not make a certificate");
}

std::string text_of(const Memory& memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string pem(const X509* certificate) {
  const Memory text(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(text.get(), certificate) == 1);
  return text_of(text);
}

std::string pem(const EVP_PKEY* key) {
  const Memory text(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PrivateKey(text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(text);
}

void extend(X509* certificate, int what, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  check(key != nullptr);
  return key;
}

/// Not signed yet, issued by itself.
Certificate new_certificate(EVP_PKEY* key, const std::string& common_name, ValidFor valid = {}) {
  Certificate certificate(X509_new());
  check(certificate != nullptr);
  X509_set_version(certificate.get(), 2);  // counted from 0: version 3
  int serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial & 0x7fffffff);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::chrono::seconds(valid.from).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), std::chrono::seconds(valid.until).count());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
  check(X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) { check(X509_sign(certificate, key, EVP_sha256()) != 0); }

}  // namespace

struct CertificateAuthority::Signer {
  Key key;
  Certificate certificate;
  std::string text;
};

CertificateAuthority::CertificateAuthority(ValidFor valid) : signer_(std::make_unique<Signer>()) {
  signer_->key = new_key();
  signer_->certificate = new_certificate(signer_->key.get(), "authority " + random_hex_128(), valid);
  extend(signer_->certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  sign(signer_->certificate.get(), signer_->key.get());
  signer_->text = pem(signer_->certificate.get());
}

CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

const std::string& CertificateAuthority::certificate() const { return signer_->text; }

CertificateAndKey CertificateAuthority::issue(const std::string& name, ValidFor valid) const {
  const Key key = new_key();
  const Certificate certificate = new_certificate(key.get(), "coordinator", valid);
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer_->certificate.get())) == 1);
  extend(certificate.get(), NID_subject_alt_name, name);
  sign(certificate.get(), signer_->key.get());
  return {pem(certificate.get()), pem(key.get())};
}

CertificateAndKey self_signed_certificate() {
  const Key key = new_key();
  const Certificate certificate = new_certificate(key.get(), "coordinator");
  extend(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1");
  sign(certificate.get(), key.get());
  return {pem(certificate.get()), pem(key.get())};
}

}  // namespace oodml::testing
