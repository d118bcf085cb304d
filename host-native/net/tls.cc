#include "host-native/net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

namespace nexus::host {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Error unusable(const std::string& file, const char* what, const std::string& why) {
  return Error{ErrorCode::InvalidArgument, "cannot use '" + file + "' as " + what + ": " + why};
}

Result<Tls::Context> load_context(const TlsSettings& settings) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
  // Why: idle connections are many, and hold no buffers then.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  error_code error;
  // Otherwise OpenSSL asks whoever sits at the terminal.
  bool has_passphrase = false;
  const auto no_passphrase = [&has_passphrase](std::size_t, ssl::context::password_purpose) {
    has_passphrase = true;
    return std::string();
  };
  context->set_password_callback(no_passphrase, error);
  context->use_certificate_chain_file(settings.certificate_file, error);
  if (error) return unusable(settings.certificate_file, "a certificate", error.message());
  context->use_private_key_file(settings.key_file, ssl::context::pem, error);
  if (has_passphrase) return unusable(settings.key_file, "a private key", "it has a passphrase, and nobody is there to give it");
  if (error) return unusable(settings.key_file, "a private key", error.message());
  // The key is read; what is called later must not refer to this function.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  if (!settings.client_ca_file.empty()) {
    context->load_verify_file(settings.client_ca_file, error);
    if (error) return unusable(settings.client_ca_file, "a certificate", error.message());
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    // A session is taken up again only where its client's certificate was checked by the same rules.
    constexpr unsigned char kRules[] = "nexus";
    SSL_CTX_set_session_id_context(raw, kRules, sizeof kRules - 1);
  }
  return context;
}

}  // namespace

Result<std::unique_ptr<Tls>> Tls::load(TlsSettings settings) {
  std::unique_ptr<Tls> tls(new Tls(std::move(settings)));
  NX_TRY_DO(tls->reload());
  return tls;
}

Tls::Context Tls::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

Result<> Tls::reload() {
  NX_TRY(auto fresh, load_context(settings_));
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
  return Done{};
}

std::string Tls::warning() const {
  const Context kept = context();
  const X509* const certificate = SSL_CTX_get0_certificate(kept->native_handle());
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) return "the certificate '" + settings_.certificate_file + "' has expired";
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) return "the certificate '" + settings_.certificate_file + "' is not valid yet";
  return {};
}

}  // namespace nexus::host
