// The containers that rows and bytes pass through, made fast for everybody.
//
// Most of the engine is compiled for size, where a call of a container stays a call, byte by byte if need be. The
// linker keeps the first body that it meets of each such function, and this file's come first.
#include <string>
#include <utility>
#include <vector>

#include "nexus/value.h"

template class std::vector<std::uint8_t>;
template class std::vector<std::uint32_t>;
template class std::vector<std::uint64_t>;
template class std::vector<std::string>;
template class std::vector<nexus::Value>;
template class std::vector<std::vector<nexus::Value>>;
template class std::vector<std::pair<std::string, nexus::Value>>;

#if _LIBCPP_VERSION < 15000  // What those are made of there; later ones have less of it.
#define NX_PARTS(type)                            \
  template class __vector_base<type, allocator<type>>; \
  template __split_buffer<type, allocator<type>&>::~__split_buffer();
_LIBCPP_BEGIN_NAMESPACE_STD
NX_PARTS(uint8_t)
NX_PARTS(uint32_t)
NX_PARTS(uint64_t)
NX_PARTS(string)
NX_PARTS(nexus::Value)
_LIBCPP_END_NAMESPACE_STD
#undef NX_PARTS
#endif
