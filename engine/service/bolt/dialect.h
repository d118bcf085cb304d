// Dialect: what the negotiated version of the protocol changes in the bytes.
#pragma once

#include <cstdint>

namespace nexus::service::bolt {

struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  friend constexpr bool operator==(Version, Version) = default;
  friend constexpr auto operator<=>(Version, Version) = default;
};

struct Dialect {
  Version version;
  bool utc_patch = false;     // 4.4 only: the client asked for zoned instants in UTC.
  bool manifest = false;      // The version was agreed by a manifest.

  bool has_utc() const { return version.major >= 5 || utc_patch; }
  bool has_element_ids() const { return version.major >= 5; }
  bool has_logon() const { return version >= Version{5, 1}; }
  bool has_telemetry() const { return version >= Version{5, 4}; }
  bool has_statuses() const { return version >= Version{5, 6}; }
  bool has_gql_errors() const { return version >= Version{5, 7}; }
  bool has_home_database() const { return version >= Version{5, 8}; }
  bool has_vectors() const { return version.major >= 6; }
};

}  // namespace nexus::service::bolt
