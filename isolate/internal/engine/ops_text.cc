// Native ops on text and bytes: UTF-8, Latin-1, UTF-16, base64, random bytes.

#include <algorithm>
#include <memory>

#include "ops_gen.h"
#include "realm.h"
#include "simdutf_api.h"

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

namespace {

bool stringArg(const Info& info, v8::Local<v8::String>* text) {
  if (info[0]->IsString()) {
    *text = info[0].As<v8::String>();
    return true;
  }
  return throwTypeError(info.GetIsolate(), "op wants a string");
}

bool bytesArg(const Info& info, uint8_t** data, size_t* length) {
  if (bufferBytes(info[0], data, length)) return true;
  return throwTypeError(info.GetIsolate(), "op wants bytes");
}

void giveString(const Info& info, v8::MaybeLocal<v8::String> text) {
  v8::Local<v8::String> value;
  if (text.ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  } else {
    info.GetIsolate()->ThrowException(
        v8::Exception::RangeError(symbol(info.GetIsolate(), "Invalid string length")));
  }
}

v8::MaybeLocal<v8::String> oneByte(v8::Isolate* isolate, const void* data, size_t length) {
  if (length > v8::String::kMaxLength) return {};
  return v8::String::NewFromOneByte(isolate, static_cast<const uint8_t*>(data),
                                    v8::NewStringType::kNormal, static_cast<int>(length));
}

// Whether text has no code point above U+00FF. Preconditions: it is well-formed.
bool fitsLatin1(const uint8_t* p, size_t length) {
  uint8_t most = 0;
  for (size_t i = 0; i < length; i++) most = std::max(most, p[i]);
  return most <= 0xC3;
}

// Scratch space that small texts need no allocation for.
template <typename Char>
class Scratch {
 public:
  explicit Scratch(size_t length) {
    if (length > kSmall) large_ = std::make_unique_for_overwrite<Char[]>(length);
  }
  Char* data() { return large_ ? large_.get() : small_; }

 private:
  static constexpr size_t kSmall = 8192 / sizeof(Char);
  Char small_[kSmall];
  std::unique_ptr<Char[]> large_;
};

// Text with more than ASCII in it. Preconditions: it is well-formed.
v8::MaybeLocal<v8::String> decodeWellFormed(v8::Isolate* isolate, const char* p, size_t length) {
  if (fitsLatin1(reinterpret_cast<const uint8_t*>(p), length)) {
    Scratch<char> units(length);
    size_t count = simdutf::convert_valid_utf8_to_latin1(p, length, units.data());
    return oneByte(isolate, units.data(), count);
  }
  size_t count = simdutf::utf16_length_from_utf8(p, length);
  if (count > v8::String::kMaxLength) return {};
  Scratch<char16_t> units(count);
  simdutf::convert_valid_utf8_to_utf16le(p, length, units.data());
  return v8::String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t*>(units.data()),
                                    v8::NewStringType::kNormal, static_cast<int>(count));
}

// A string's units while nothing moves them.
struct Units {
  explicit Units(v8::Isolate* isolate, v8::Local<v8::String> text)
      : view(isolate, text), length(view.length()) {}
  const char* narrow() const { return reinterpret_cast<const char*>(view.data8()); }
  const char16_t* wide() const { return reinterpret_cast<const char16_t*>(view.data16()); }
  v8::String::ValueView view;
  size_t length;
};

// The length in UTF-8 of a string without lone surrogates.
size_t wellFormedLength(const Units& units) {
  return units.view.is_one_byte() ? simdutf::utf8_length_from_latin1(units.narrow(), units.length)
                                  : simdutf::utf8_length_from_utf16le(units.wide(), units.length);
}

// Writes as many bytes as that; false of a string with lone surrogates.
bool writeWellFormed(const Units& units, size_t length, char* out) {
  if (!units.view.is_one_byte()) {
    return simdutf::convert_utf16le_to_utf8(units.wide(), units.length, out) > 0;
  }
  if (length == units.length) {
    memcpy(out, units.narrow(), length);
  } else {
    simdutf::convert_latin1_to_utf8(units.narrow(), units.length, out);
  }
  return true;
}

// Bytes to be filled; empty with a pending exception.
v8::MaybeLocal<v8::Uint8Array> uninitialized(v8::Isolate* isolate, size_t length) {
  v8::Local<v8::ArrayBuffer> buffer;
  if (!v8::ArrayBuffer::MaybeNew(isolate, length,
                                 v8::BackingStoreInitializationMode::kUninitialized)
           .ToLocal(&buffer)) {
    isolate->ThrowException(
        v8::Exception::RangeError(symbol(isolate, "Array buffer allocation failed")));
    return {};
  }
  return v8::Uint8Array::New(buffer, 0, length);
}

char* dataOf(v8::Local<v8::Uint8Array> bytes) {
  return static_cast<char*>(bytes->Buffer()->Data());
}

const char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encodeBase64(const uint8_t* p, size_t n) {
  std::string out;
  out.resize((n + 2) / 3 * 4);
  char* o = out.data();
  size_t i = 0;
  for (; i + 2 < n; i += 3) {
    uint32_t v = p[i] << 16 | p[i + 1] << 8 | p[i + 2];
    *o++ = kAlphabet[v >> 18];
    *o++ = kAlphabet[v >> 12 & 63];
    *o++ = kAlphabet[v >> 6 & 63];
    *o++ = kAlphabet[v & 63];
  }
  if (i < n) {
    uint32_t v = p[i] << 16 | (i + 1 < n ? p[i + 1] << 8 : 0);
    *o++ = kAlphabet[v >> 18];
    *o++ = kAlphabet[v >> 12 & 63];
    *o++ = i + 1 < n ? kAlphabet[v >> 6 & 63] : '=';
    *o++ = '=';
  }
  return out;
}

int digit(uint16_t c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

// Infra Standard, forgiving-base64 decode: https://infra.spec.whatwg.org/#forgiving-base64-decode
template <typename Char>
bool decodeBase64(const Char* p, size_t n, std::string* out) {
  std::basic_string<char> kept;
  kept.reserve(n);
  size_t padding = 0;
  for (size_t i = 0; i < n; i++) {
    uint16_t c = p[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') continue;
    if (c == '=') {
      padding++;
      continue;
    }
    int d = digit(c);
    if (d < 0 || padding > 0) return false;
    kept.push_back(static_cast<char>(d));
  }
  size_t total = kept.size() + padding;
  if (padding > 0 && (padding > 2 || total % 4 != 0)) return false;
  if (kept.size() % 4 == 1) return false;
  out->reserve(kept.size() * 3 / 4 + 3);
  uint32_t value = 0;
  int bits = 0;
  for (char d : kept) {
    value = value << 6 | static_cast<uint32_t>(d);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out->push_back(static_cast<char>(value >> bits & 0xFF));
    }
  }
  return true;
}

bool decodeBase64(v8::Isolate* isolate, v8::Local<v8::String> text, std::string* out) {
  v8::String::ValueView view(isolate, text);
  if (view.is_one_byte()) return decodeBase64(view.data8(), view.length(), out);
  return decodeBase64(view.data16(), view.length(), out);
}

// Latin-1 bytes of a string; false if a unit does not fit.
bool latin1(v8::Isolate* isolate, v8::Local<v8::String> text, std::string* out) {
  if (!text->ContainsOnlyOneByte()) return false;
  out->resize(text->Length());
  text->WriteOneByteV2(isolate, 0, text->Length(), reinterpret_cast<uint8_t*>(out->data()));
  return true;
}

}  // namespace

size_t utf8Length(v8::Isolate* isolate, v8::Local<v8::String> text) {
  {
    Units units(isolate, text);
    if (units.view.is_one_byte() || simdutf::validate_utf16le(units.wide(), units.length)) {
      return wellFormedLength(units);
    }
  }
  return text->Utf8LengthV2(isolate);
}

void writeUtf8(v8::Isolate* isolate, v8::Local<v8::String> text, size_t length, char* out) {
  if (length == 0 || writeWellFormed(Units(isolate, text), length, out)) return;
  text->WriteUtf8V2(isolate, out, length, v8::String::WriteFlags::kReplaceInvalidUtf8);
}

void op_utf8_encode(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::String> text;
  if (!stringArg(info, &text)) return;
  size_t length = wellFormedLength(Units(isolate, text));
  v8::Local<v8::Uint8Array> bytes;
  if (!uninitialized(isolate, length).ToLocal(&bytes)) return;
  if (length > 0 && !writeWellFormed(Units(isolate, text), length, dataOf(bytes))) {
    length = text->Utf8LengthV2(isolate);
    if (!uninitialized(isolate, length).ToLocal(&bytes)) return;
    writeUtf8(isolate, text, length, dataOf(bytes));
  }
  info.GetReturnValue().Set(bytes);
}

void op_utf8_encode_into(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::String> text;
  uint8_t *dest, *counts;
  size_t capacity, counts_length;
  if (!stringArg(info, &text)) return;
  if (!bufferBytes(info[1], &dest, &capacity) || !bufferBytes(info[2], &counts, &counts_length) ||
      counts_length < 8) {
    throwTypeError(isolate, "op wants bytes");
    return;
  }
  size_t read = 0;
  size_t written = text->WriteUtf8V2(isolate, reinterpret_cast<char*>(dest), capacity,
                                     v8::String::WriteFlags::kReplaceInvalidUtf8, &read);
  uint32_t values[2] = {static_cast<uint32_t>(read), static_cast<uint32_t>(written)};
  memcpy(counts, values, 8);
}

void op_utf8_length(const Info& info) {
  v8::Local<v8::String> text;
  if (!stringArg(info, &text)) return;
  info.GetReturnValue().Set(static_cast<double>(utf8Length(info.GetIsolate(), text)));
}

void op_utf8_decode(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  uint8_t* data;
  size_t length;
  if (!bytesArg(info, &data, &length)) return;
  const char* p = reinterpret_cast<const char*>(data);
  if (simdutf::validate_ascii(p, length)) return giveString(info, oneByte(isolate, p, length));
  if (simdutf::validate_utf8(p, length))
    return giveString(info, decodeWellFormed(isolate, p, length));
  if (info[1]->IsTrue()) return;
  if (length > v8::String::kMaxLength) return giveString(info, {});
  giveString(info, v8::String::NewFromUtf8(isolate, p, v8::NewStringType::kNormal,
                                           static_cast<int>(length)));
}

void op_latin1_encode(const Info& info) {
  v8::Local<v8::String> text;
  std::string bytes;
  if (!stringArg(info, &text) || !latin1(info.GetIsolate(), text, &bytes)) return;
  info.GetReturnValue().Set(newBytes(info.GetIsolate(), bytes.data(), bytes.size()));
}

void op_latin1_decode(const Info& info) {
  uint8_t* data;
  size_t length;
  if (!bytesArg(info, &data, &length)) return;
  giveString(info, oneByte(info.GetIsolate(), data, length));
}

void op_utf16le_decode(const Info& info) {
  uint8_t* data;
  size_t length;
  if (!bytesArg(info, &data, &length)) return;
  std::vector<uint16_t> units(length / 2);
  if (!units.empty()) memcpy(units.data(), data, units.size() * 2);
  if (units.size() > v8::String::kMaxLength) return giveString(info, {});
  giveString(info,
             v8::String::NewFromTwoByte(info.GetIsolate(), units.data(), v8::NewStringType::kNormal,
                                        static_cast<int>(units.size())));
}

void op_base64_encode(const Info& info) {
  uint8_t* data;
  size_t length;
  if (!bytesArg(info, &data, &length)) return;
  std::string text = encodeBase64(data, length);
  giveString(info, oneByte(info.GetIsolate(), text.data(), text.size()));
}

void op_base64_decode(const Info& info) {
  v8::Local<v8::String> text;
  std::string bytes;
  if (!stringArg(info, &text) || !decodeBase64(info.GetIsolate(), text, &bytes)) return;
  info.GetReturnValue().Set(newBytes(info.GetIsolate(), bytes.data(), bytes.size()));
}

void op_btoa(const Info& info) {
  v8::Local<v8::String> text;
  std::string bytes;
  if (!stringArg(info, &text) || !latin1(info.GetIsolate(), text, &bytes)) return;
  std::string out = encodeBase64(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  giveString(info, oneByte(info.GetIsolate(), out.data(), out.size()));
}

void op_atob(const Info& info) {
  v8::Local<v8::String> text;
  std::string bytes;
  if (!stringArg(info, &text) || !decodeBase64(info.GetIsolate(), text, &bytes)) return;
  giveString(info, oneByte(info.GetIsolate(), bytes.data(), bytes.size()));
}

void op_random_fill(const Info& info) {
  uint8_t* data;
  size_t length;
  if (!bytesArg(info, &data, &length)) return;
  if (!fillRandom(data, length)) {
    info.GetIsolate()->ThrowException(
        v8::Exception::Error(symbol(info.GetIsolate(), "No random bytes from the system")));
  }
}

}  // namespace dynos
