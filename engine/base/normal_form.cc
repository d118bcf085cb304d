#include "base/normal_form.h"

#include <algorithm>

#include "base/check.h"

#ifdef __EMSCRIPTEN__
// Answers how many bytes there are to take; what is taken is the last answer.
extern "C" {
__attribute__((import_module("nexus"), import_name("text_normalize"))) int nx_text_normalize(int form, const void* text,
                                                                                             int bytes);
__attribute__((import_module("nexus"), import_name("text_take"))) void nx_text_take(void* bytes);
}
#else
#include <utf8proc.h>

#include <cstdlib>
#endif

namespace nexus {
namespace {

#ifdef __EMSCRIPTEN__

std::string normalize_unicode(std::string_view text, NormalForm form) {
  std::string made(static_cast<std::size_t>(
                       nx_text_normalize(static_cast<int>(form), text.data(), static_cast<int>(text.size()))),
                   '\0');
  nx_text_take(made.data());
  return made;
}

#else

std::string normalize_unicode(std::string_view text, NormalForm form) {
  const bool composes = form == NormalForm::NFC || form == NormalForm::NFKC;
  const bool is_compatible = form == NormalForm::NFKC || form == NormalForm::NFKD;
  const int options = UTF8PROC_STABLE | (composes ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) |
                      (is_compatible ? UTF8PROC_COMPAT : 0);
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t bytes =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &made, static_cast<utf8proc_option_t>(options));
  NX_CHECK(bytes >= 0);  // The text is valid, so only memory can be missing.
  std::string result(reinterpret_cast<const char*>(made), static_cast<std::size_t>(bytes));
  std::free(made);
  return result;
}

#endif

}  // namespace

std::string normalize(std::string_view text, NormalForm form) {
  const bool is_ascii =
      std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  return is_ascii ? std::string(text) : normalize_unicode(text, form);
}

}  // namespace nexus
