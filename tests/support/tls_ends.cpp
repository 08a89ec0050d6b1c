#include "tests/support/tls_ends.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace oodml::testing {
namespace {

constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};

void check(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL could not be set up for a relay");
}

template <typename Object, typename Read, typename Free, typename Use>
void with_pem(const std::string& text, Read read, Free free, Use use) {
  BIO* const memory = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
  Object* const object = read(memory, nullptr, nullptr, nullptr);
  check(object != nullptr && use(object) == 1);
  free(object);
  BIO_free(memory);
}

int choose_http2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char*, unsigned, void*) {
  *chosen = kHttp2.data() + 1;
  *size = 2;
  return SSL_TLSEXT_ERR_OK;
}

/// One TLS connection and its clear end, until either ends.
class Pump {
 public:
  Pump(SSL* tls, int outside, int inside) : tls_(tls), outside_(outside), inside_(inside) {}
  ~Pump() {
    SSL_free(tls_);
    ::close(outside_);
    ::close(inside_);
  }

  /// On a thread of its own: OpenSSL writes without MSG_NOSIGNAL, and a peer that is killed must not take the test
  /// along.
  void run() {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (pass_in() && pass_out()) {
      const bool full = !waiting_.empty() && SSL_is_init_finished(tls_) == 1;
      std::array<pollfd, 2> waits = {{{outside_, static_cast<short>(full ? POLLIN | POLLOUT : POLLIN), 0},
                                      {inside_, static_cast<short>(waiting_.empty() ? POLLIN : 0), 0}}};
      ::poll(waits.data(), waits.size(), -1);
      if (waits[1].revents != 0 && (!waiting_.empty() || !take())) return;
    }
  }

 private:
  /// What TLS answers when it has done nothing and wants to be asked again later.
  bool later(int result) const {
    const int error = SSL_get_error(tls_, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }

  bool pass_in() {
    ERR_clear_error();
    while (true) {
      const int count = SSL_read(tls_, bytes_.data(), static_cast<int>(bytes_.size()));  // shakes hands as well
      if (count <= 0) return later(count);
      for (int sent = 0; sent < count;) {
        const ssize_t step =
            ::send(inside_, bytes_.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
        if (step <= 0) return false;
        sent += static_cast<int>(step);
      }
    }
  }

  bool pass_out() {
    ERR_clear_error();
    while (!waiting_.empty()) {
      const int count = SSL_write(tls_, waiting_.data(), static_cast<int>(waiting_.size()));
      if (count <= 0) return later(count);
      waiting_.erase(0, static_cast<std::size_t>(count));
    }
    return true;
  }

  bool take() {
    const ssize_t count = ::recv(inside_, bytes_.data(), bytes_.size(), 0);
    if (count > 0) waiting_.assign(bytes_.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  SSL* const tls_;
  const int outside_, inside_;
  std::string waiting_;  // to be said to the peer
  std::array<char, 1 << 14> bytes_{};
};

}  // namespace

TlsEnds::TlsEnds(const CertificateAndKey& server, const std::string& authority)
    : accepting_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
      connecting_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  check(accepting_ != nullptr && connecting_ != nullptr);
  for (SSL_CTX* context : {accepting_.get(), connecting_.get()}) {
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  }
  with_pem<X509>(server.certificate, PEM_read_bio_X509, X509_free,
                 [&](X509* certificate) { return SSL_CTX_use_certificate(accepting_.get(), certificate); });
  with_pem<EVP_PKEY>(server.key, PEM_read_bio_PrivateKey, EVP_PKEY_free,
                     [&](EVP_PKEY* key) { return SSL_CTX_use_PrivateKey(accepting_.get(), key); });
  SSL_CTX_set_alpn_select_cb(accepting_.get(), choose_http2, nullptr);
  with_pem<X509>(authority, PEM_read_bio_X509, X509_free, [&](X509* certificate) {
    return X509_STORE_add_cert(SSL_CTX_get_cert_store(connecting_.get()), certificate);
  });
  SSL_CTX_set_verify(connecting_.get(), SSL_VERIFY_PEER, nullptr);
  check(SSL_CTX_set_alpn_protos(connecting_.get(), kHttp2.data(), kHttp2.size()) == 0);
}

TlsEnds::~TlsEnds() = default;

int TlsEnds::of_client(int fd) {
  SSL* const tls = SSL_new(accepting_.get());
  SSL_set_accept_state(tls);
  return start(tls, fd);
}

int TlsEnds::of_server(int fd) {
  SSL* const tls = SSL_new(connecting_.get());
  SSL_set_connect_state(tls);
  return start(tls, fd);
}

int TlsEnds::start(SSL* tls, int fd) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    throw std::runtime_error("no socket pair");
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  SSL_set_fd(tls, fd);
  pumps_.emplace_back([tls, fd, inside = pair[1]] { Pump(tls, fd, inside).run(); });
  return pair[0];
}

}  // namespace oodml::testing
