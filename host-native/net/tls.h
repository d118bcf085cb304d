// Tls: the certificate that this server shows, and the terms on which it speaks TLS.
//
// TLS 1.2 and 1.3, ephemeral keys and authenticated encryption alone, no renegotiation. A connection says by its
// first byte whether it wants TLS, so that every port can speak both.
// Invariant: what context() gives is whole; a reload() that fails changes nothing.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace nexus::host {

struct TlsSettings {
  std::string certificate_file;  // PEM: the server's own first, then those between it and a root.
  std::string key_file;          // PEM, without a passphrase.
  std::string client_ca_file;    // PEM: who signs the certificates that clients must show; empty: they show none.
  bool allow_plaintext = false;  // Connections without TLS are served, too.
};

class Tls {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  // InvalidArgument names the file that is missing, is none, or does not go with the other.
  static Result<std::unique_ptr<Tls>> load(TlsSettings settings);

  // For the next connection. From any thread.
  Context context() const;
  // Reads the files again; connections that stand keep what they began with.
  Result<> reload();
  bool allows_plaintext() const { return settings_.allow_plaintext; }
  // What the holder of the certificate should be told: it has ended, or has not begun; empty: nothing.
  std::string warning() const;

 private:
  explicit Tls(TlsSettings settings) : settings_(std::move(settings)) {}

  TlsSettings settings_;
  mutable std::mutex mutex_;
  Context context_;  // Under mutex_.
};

// Whether a connection that begins with this byte wants TLS: no other protocol here begins with it.
inline bool is_tls_hello(char first_byte) { return first_byte == '\x16'; }

}  // namespace nexus::host
