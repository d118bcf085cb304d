# The time zone table of engine/value/temporal/time_zone.cc, made from the build machine's
# zoneinfo so that the native and the WebAssembly engine know the same zones.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(NEXUS_ZONEINFO_DIR /usr/share/zoneinfo CACHE PATH "Compiled IANA time zones (TZif files)")
set(generated ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
add_custom_command(
  OUTPUT ${generated}/time_zones.inc
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/make_time_zones.py
          ${NEXUS_ZONEINFO_DIR} ${generated}/time_zones.inc
  DEPENDS ${CMAKE_SOURCE_DIR}/scripts/make_time_zones.py ${NEXUS_ZONEINFO_DIR}/tzdata.zi
  COMMENT "Making the time zone table"
  VERBATIM)
target_sources(nexus_value PRIVATE ${generated}/time_zones.inc)
target_include_directories(nexus_value PRIVATE ${generated})
