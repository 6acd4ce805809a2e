// The prebuilt V8 was linked against a newer C library, where strtol, scanf and friends have these names.
// Weak, so that a library which has them wins.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((weak)) long __isoc23_strtol(const char* s, char** end, int base) {
  return strtol(s, end, base);
}
__attribute__((weak)) unsigned long __isoc23_strtoul(const char* s, char** end, int base) {
  return strtoul(s, end, base);
}
__attribute__((weak)) long long __isoc23_strtoll(const char* s, char** end, int base) {
  return strtoll(s, end, base);
}
__attribute__((weak)) unsigned long long __isoc23_strtoull(const char* s, char** end, int base) {
  return strtoull(s, end, base);
}
__attribute__((weak)) int __isoc23_sscanf(const char* s, const char* format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsscanf(s, format, args);
  va_end(args);
  return n;
}
__attribute__((weak)) int __isoc23_vsscanf(const char* s, const char* format, va_list args) {
  return vsscanf(s, format, args);
}
__attribute__((weak)) int __isoc23_fscanf(FILE* stream, const char* format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfscanf(stream, format, args);
  va_end(args);
  return n;
}
