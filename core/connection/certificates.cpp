#include "core/connection/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <optional>

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/base/private_file.h"

namespace oodml {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;

template <auto Free>
struct Freed {
  void operator()(auto* object) const { Free(object); }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Memory memory_of(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// What the file holds instead, where that can be seen.
std::string content_of(const std::string& text) {
  if (text.find("CERTIFICATE REQUEST-----") != text.npos) {
    return ": it holds a request, which an authority has yet to sign";
  }
  if (text.find("PRIVATE KEY-----") != text.npos) return ": it holds a private key";
  if (text.starts_with("\x30\x82")) {
    return ": it is DER; `openssl x509 -inform der -in FILE -out FILE.pem` makes PEM of a certificate";
  }
  if (text.find("CERTIFICATE-----") != text.npos) return ": it holds a certificate";
  return text.empty() ? ": it is empty" : "";
}

/// No question at the terminal for an encrypted key.
int no_password(char*, int, int, void*) { return -1; }

Result<std::vector<Certificate>> certificates_in(const std::string& text, const std::string& file) {
  std::vector<Certificate> certificates;
  const Memory memory = memory_of(text);
  ERR_clear_error();
  while (X509* const next = PEM_read_bio_X509_AUX(memory.get(), nullptr, no_password, nullptr)) {
    certificates.emplace_back(next);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) {
    return invalid_argument(file + ": the certificate number " + std::to_string(certificates.size() + 1) +
                            " in it is damaged");
  }
  if (certificates.empty()) return invalid_argument(file + ": no certificate in PEM form in it" + content_of(text));
  return certificates;
}

std::optional<Time> time_of(const ASN1_TIME* text) {
  std::tm calendar{};
  if (ASN1_TIME_to_tm(text, &calendar) != 1) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&calendar)));
}

/// "the certificate of CN=coord.example".
std::string name_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  const std::string name = printable(std::string_view(bytes, static_cast<std::size_t>(size)), 120);
  return name.empty() ? "a certificate without a name" : "the certificate of " + name;
}

struct Validity {
  std::string fault;    ///< Why it is not valid now; empty: it is.
  std::string warning;  ///< That it ends soon; may be empty.
};

Validity validity_of(X509* certificate, Time now) {
  const std::string name = name_of(certificate);
  const auto from = time_of(X509_get0_notBefore(certificate)), until = time_of(X509_get0_notAfter(certificate));
  if (!from || !until) return {.fault = name + " has dates that cannot be read"};
  if (now > *until) return {.fault = name + " expired on " + to_iso8601(*until)};
  if (now < *from) {
    return {.fault = name + " is valid only from " + to_iso8601(*from) + " on; this machine's clock says " +
                     to_iso8601(now)};
  }
  if (*until - now > kCertificateWarning) return {};
  const auto days = std::chrono::floor<std::chrono::days>(*until - now).count();
  const std::string left = days == 0 ? "within a day" : "in " + std::to_string(days) + (days == 1 ? " day" : " days");
  return {.warning = name + " expires on " + to_iso8601(*until) + ", " + left};
}

Result<Key> key_in(const std::string& text, const std::string& file) {
  const Memory memory = memory_of(text);
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (key != nullptr) return key;
  if (text.find("ENCRYPTED") != text.npos) {
    return invalid_argument(file +
                            ": the private key is encrypted, and nobody is there to type its password; `openssl pkey "
                            "-in " +
                            file + " -out KEY` writes it without one");
  }
  const bool damaged = text.find("PRIVATE KEY-----") != text.npos;
  return invalid_argument(file + (damaged ? ": the private key in it is damaged"
                                          : ": no private key in PEM form in it" + content_of(text)));
}

/// The key has to be the first certificate's: that one is the server's own, those behind it are its chain.
Status check_pair(const std::vector<Certificate>& chain, EVP_PKEY* key, const std::string& certificate,
                  const std::string& key_file) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const bool is_pair = X509_check_private_key(chain[i].get(), key) == 1;
    ERR_clear_error();
    if (is_pair && i == 0) return {};
    if (is_pair) {
      return invalid_argument(certificate +
                              ": the server's own certificate has to come first, before its chain; it is number " +
                              std::to_string(i + 1));
    }
  }
  return invalid_argument(key_file + " is not the key of the certificate in " + certificate + " (" +
                          name_of(chain.front().get()) + ")");
}

}  // namespace

Result<Authorities> read_authorities(const std::filesystem::path& file, Time now) {
  Authorities result;
  OODML_ASSIGN_OR_RETURN(result.pem, read_file(file, kMaxBytes));
  OODML_ASSIGN_OR_RETURN(const std::vector<Certificate> certificates, certificates_in(result.pem, file.string()));
  bool any = false;
  for (const Certificate& certificate : certificates) {
    const Validity validity = validity_of(certificate.get(), now);
    any = any || validity.fault.empty();
    const std::string& finding = validity.fault.empty() ? validity.warning : validity.fault;
    if (!finding.empty()) result.warnings.push_back(file.string() + ": " + finding);
  }
  if (!any) {
    const bool alone = certificates.size() == 1;
    return invalid_argument(result.warnings.front() + (alone ? "" : ", and no other in it is valid now"));
  }
  return result;
}

Result<ServerCertificate> read_server_certificate(const std::filesystem::path& certificate,
                                                  const std::filesystem::path& key, Time now) {
  ServerCertificate result;
  OODML_ASSIGN_OR_RETURN(result.chain, read_file(certificate, kMaxBytes));
  OODML_ASSIGN_OR_RETURN(const std::vector<Certificate> chain, certificates_in(result.chain, certificate.string()));
  OODML_ASSIGN_OR_RETURN(result.key, read_private_file(key, kMaxBytes, "the private key"));
  OODML_ASSIGN_OR_RETURN(const Key private_key, key_in(result.key, key.string()));
  OODML_RETURN_IF_ERROR(check_pair(chain, private_key.get(), certificate.string(), key.string()));
  for (const Certificate& link : chain) {
    Validity validity = validity_of(link.get(), now);
    if (!validity.fault.empty()) return invalid_argument(certificate.string() + ": " + validity.fault);
    if (!validity.warning.empty()) result.warnings.push_back(certificate.string() + ": " + std::move(validity.warning));
  }
  return result;
}

}  // namespace oodml
