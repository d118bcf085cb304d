# nexus_rung(NAME [USES rung…] [EXCEPTIONS]): engine/NAME/**.cc becomes a library and every
# *_test.cc beside it part of one test program, so that no file can be left out of a list.
find_package(Threads REQUIRED)

# Boost headers alone, never the whole system include folder: emcc must not see libc's headers.
set(NEXUS_BOOST_DIR ${CMAKE_BINARY_DIR}/boost-only)
file(MAKE_DIRECTORY ${NEXUS_BOOST_DIR})
foreach(headers boost fast_float)
  if(EXISTS /usr/include/${headers} AND NOT EXISTS ${NEXUS_BOOST_DIR}/${headers})
    file(CREATE_LINK /usr/include/${headers} ${NEXUS_BOOST_DIR}/${headers} SYMBOLIC)
  endif()
endforeach()

add_library(nexus_settings INTERFACE)
target_include_directories(nexus_settings INTERFACE ${CMAKE_SOURCE_DIR}/engine ${CMAKE_SOURCE_DIR}/engine/include)
target_include_directories(nexus_settings SYSTEM INTERFACE ${NEXUS_BOOST_DIR})
target_compile_options(nexus_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of GCC 12 when it optimizes std::string and std::vector (its bugs 105329, 105562 and 105651), and unions as in Result.
  target_compile_options(nexus_settings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
if(NOT NEXUS_SANITIZE AND (NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13))
  # Newer compilers than those we test with, and sanitizers' instrumentation, may warn of more; that must not stop a build.
  target_compile_options(nexus_settings INTERFACE -Werror)
endif()
target_compile_definitions(nexus_settings INTERFACE NEXUS_VERSION="${PROJECT_VERSION}")
if(EMSCRIPTEN)
  # Nothing asks for a type at run time, and its names are a tenth of the module's data.
  target_compile_options(nexus_settings INTERFACE -msimd128 -mbulk-memory -msign-ext -mnontrapping-fptoint -fno-rtti)
  target_compile_definitions(nexus_settings INTERFACE NEXUS_EXAMPLES=0)
else()
  target_compile_definitions(nexus_settings INTERFACE NEXUS_EXAMPLES=1)
  target_link_libraries(nexus_settings INTERFACE Threads::Threads)
endif()
if(NEXUS_LIBFUZZER)
  target_compile_options(nexus_settings INTERFACE -fno-sanitize-recover=all)
endif()
if(NEXUS_SANITIZE)
  target_compile_options(nexus_settings INTERFACE -fsanitize=${NEXUS_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(nexus_settings INTERFACE -fsanitize=${NEXUS_SANITIZE})
endif()

# A whole build spends most of its time on reading headers and making the same instantiations again.
# The presets that build everything at once join eight files (CMAKE_UNITY_BUILD); where each file has names of
# its own that may not meet, tests and functions, they share a precompiled header instead. The dev preset does
# neither: it builds one file fast and sees a missing #include.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
set(NEXUS_COMMON_HEADERS <algorithm> <functional> <map> <memory> <mutex> <optional> <string> <string_view> <variant> <vector>)

if(NEXUS_TESTS AND NOT EMSCRIPTEN)
  find_package(Catch2 REQUIRED)
  add_library(nexus_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/support/test_main.cc)
  target_link_libraries(nexus_test_main PUBLIC Catch2::Catch2 nexus_settings)
  target_include_directories(nexus_test_main PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(nexus_test_main PUBLIC -O1)  # The tests' own code; the engine they link is as it is shipped.
  set_target_properties(nexus_test_main PROPERTIES UNITY_BUILD OFF)
endif()

# A program of Catch2 tests. The first one makes the precompiled header that all use; nexus_test_main cannot,
# because its one file defines Catch's main before it includes Catch.
function(nexus_test_program target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE nexus_test_main)
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  if(NOT CMAKE_UNITY_BUILD)
    return()
  endif()
  get_property(maker GLOBAL PROPERTY NEXUS_TEST_HEADER_MAKER)
  if(maker)
    target_precompile_headers(${target} REUSE_FROM ${maker})
  else()
    set_property(GLOBAL PROPERTY NEXUS_TEST_HEADER_MAKER ${target})
    target_precompile_headers(${target} PRIVATE ${NEXUS_COMMON_HEADERS}
      ${CMAKE_SOURCE_DIR}/tests/support/catch.h ${CMAKE_SOURCE_DIR}/engine/include/nexus/session.h)
  endif()
endfunction()

# So are, in the rungs that are made fast, the files of what begins or ends something: a statement, a store, a transaction.
set(NEXUS_COLD_FILES "base/(error|normal_form)\\.cc|value/vector\\.cc|value/temporal/(parse|parse_duration|duration_builder|component|time_zone|scanner)\\.cc|\
vfs/(prefix_vfs|fault_vfs|vfs)\\.cc|storage/(recovery|dump|compaction|schema)\\.cc|\
exec/operators/(transactional_apply|use_graph|load_csv|procedure_call|select_paths)\\.cc")

function(nexus_rung name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCEPTIONS" "" "USES")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/engine/${name}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    set(sources ${CMAKE_BINARY_DIR}/empty.cc)
    file(TOUCH ${sources})
  endif()
  add_library(nexus_${name} STATIC ${sources})
  target_link_libraries(nexus_${name} PUBLIC nexus_settings)
  if(CMAKE_UNITY_BUILD AND name STREQUAL "function")
    set_target_properties(nexus_${name} PROPERTIES UNITY_BUILD OFF)
    target_precompile_headers(nexus_${name} PRIVATE ${NEXUS_COMMON_HEADERS} ${CMAKE_SOURCE_DIR}/engine/function/function.h)
  endif()
  # Size is download time in a browser. What runs once a statement or less is made small, not fast.
  if(EMSCRIPTEN AND name MATCHES "^(catalog|syntax|function|plan|optimizer|procedure|instance|service)$")
    target_compile_options(nexus_${name} PRIVATE -Os)
  elseif(EMSCRIPTEN)
    set(cold ${sources})
    list(FILTER cold INCLUDE REGEX ${NEXUS_COLD_FILES})
    set_source_files_properties(${cold} PROPERTIES COMPILE_OPTIONS -Os)
  endif()
  if(arg_EXCEPTIONS)
    if(EMSCRIPTEN)
      target_compile_options(nexus_${name} PRIVATE -fwasm-exceptions)
    endif()
  else()
    target_compile_options(nexus_${name} PRIVATE -fno-exceptions)
  endif()
  foreach(used IN LISTS arg_USES)
    target_link_libraries(nexus_${name} PUBLIC nexus_${used})
  endforeach()
  if(tests AND NEXUS_TESTS AND NOT EMSCRIPTEN)
    nexus_test_program(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE nexus_${name})
    add_test(NAME engine.${name} COMMAND ${name}_test)
  endif()
endfunction()
