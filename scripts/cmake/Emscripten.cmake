# The toolchain of the WebAssembly build: Debian's emscripten, or a current emsdk by EMSDK.
if(DEFINED ENV{EMSDK})
  include($ENV{EMSDK}/upstream/emscripten/cmake/Modules/Platform/Emscripten.cmake)
else()
  include(/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake)
endif()
