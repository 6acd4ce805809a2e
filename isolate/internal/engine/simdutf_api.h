// What of simdutf is called: V8 contains that library, and its headers are not part of V8's.
// https://github.com/simdutf/simdutf

#ifndef DYNOS_SIMDUTF_API_H_
#define DYNOS_SIMDUTF_API_H_

#include <cstddef>

namespace simdutf {

bool validate_ascii(const char* text, size_t length) noexcept;
bool validate_utf8(const char* text, size_t length) noexcept;
bool validate_utf16le(const char16_t* text, size_t length) noexcept;
size_t utf8_length_from_latin1(const char* text, size_t length) noexcept;
size_t utf8_length_from_utf16le(const char16_t* text, size_t length) noexcept;
size_t utf16_length_from_utf8(const char* text, size_t length) noexcept;
// Each returns how much it has written; the text of the last two must be valid, and of UTF-16 that is not, nothing is told.
size_t convert_latin1_to_utf8(const char* text, size_t length, char* out) noexcept;
size_t convert_utf16le_to_utf8(const char16_t* text, size_t length, char* out) noexcept;
size_t convert_valid_utf8_to_utf16le(const char* text, size_t length, char16_t* out) noexcept;
size_t convert_valid_utf8_to_latin1(const char* text, size_t length, char* out) noexcept;

}  // namespace simdutf

#endif  // DYNOS_SIMDUTF_API_H_
