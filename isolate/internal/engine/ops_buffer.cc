// Native ops of node:buffer: text in Node's encodings, searching, comparing, swapping.

#include <random>

#include "ops_gen.h"
#include "realm.h"

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

namespace {

// Ordered as the constants of node/internal_encodings.
enum class Encoding { kASCII, kLatin1, kUtf8, kUtf16, kBase64, kBase64URL, kHex };

Encoding encodingArg(const Info& info, int index) {
  int value = info[index]->IsInt32() ? info[index].As<v8::Int32>()->Value() : -1;
  bool known = value >= 0 && value <= static_cast<int>(Encoding::kHex);
  return known ? static_cast<Encoding>(value) : Encoding::kUtf8;
}

size_t sizeArg(const Info& info, int index) {
  if (!info[index]->IsNumber()) return 0;
  double value = info[index].As<v8::Number>()->Value();
  return value > 0 && value < 9007199254740992.0 ? static_cast<size_t>(value) : 0;
}

struct Bytes {
  uint8_t* data = nullptr;
  size_t size = 0;
};

bool bytesArg(const Info& info, int index, Bytes* bytes) {
  if (bufferBytes(info[index], &bytes->data, &bytes->size)) return true;
  return throwTypeError(info.GetIsolate(), "op wants bytes");
}

// Cuts `bytes` down to what two arguments say.
void cut(const Info& info, int start, int end, Bytes* bytes) {
  size_t to = std::min(sizeArg(info, end), bytes->size);
  size_t from = std::min(sizeArg(info, start), to);
  bytes->data += from;
  bytes->size = to - from;
}

// Memory for what a script has asked for: null, not an exception, if there is not enough.
template <typename Unit>
std::unique_ptr<Unit[]> allocate(size_t count) {
  return std::unique_ptr<Unit[]>(new (std::nothrow) Unit[count]);
}

void throwRangeError(v8::Isolate* isolate, const char* message) {
  isolate->ThrowException(v8::Exception::RangeError(symbol(isolate, message)));
}

constexpr const char* kNoMemory = "Array buffer allocation failed";

constexpr uint8_t kNoDigit = 0xFF;

constexpr std::array<uint8_t, 256> digits64() {
  std::array<uint8_t, 256> table{};
  for (auto& v : table) v = kNoDigit;
  for (int i = 0; i < 26; i++) table['A' + i] = i, table['a' + i] = i + 26;
  for (int i = 0; i < 10; i++) table['0' + i] = i + 52;
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}

constexpr std::array<uint8_t, 256> digits16() {
  std::array<uint8_t, 256> table{};
  for (auto& v : table) v = kNoDigit;
  for (int i = 0; i < 10; i++) table['0' + i] = i;
  for (int i = 0; i < 6; i++) table['a' + i] = table['A' + i] = i + 10;
  return table;
}

constexpr auto kDigits64 = digits64();
constexpr auto kDigits16 = digits16();

uint8_t digit64(uint8_t c) { return kDigits64[c]; }

// Length of a text without the one or two '=' at its end.
template <typename Char>
size_t unpadded(const Char* p, size_t n) {
  for (int i = 0; i < 2 && n > 0 && p[n - 1] == '='; i++) n--;
  return n;
}

// Most bytes that n digits can stand for.
size_t base64Size(size_t n) { return n / 4 * 3 + (n % 4 == 0 ? 0 : n % 4 == 3 ? 2 : 1); }

// Buffer.from: what is no digit is skipped, "=" ends the text. The upper half of a unit is ignored, as in all of Node's encodings of
// one byte per unit.
template <typename Char>
size_t decodeBase64(const Char* p, size_t n, uint8_t* out) {
  uint8_t* o = out;
  size_t i = 0;
  for (; i + 4 <= n; i += 4, o += 3) {
    uint8_t a = digit64(p[i]), b = digit64(p[i + 1]), c = digit64(p[i + 2]), d = digit64(p[i + 3]);
    if ((a | b | c | d) & 0x80) break;
    o[0] = a << 2 | b >> 4;
    o[1] = b << 4 | c >> 2;
    o[2] = c << 6 | d;
  }
  uint32_t value = 0;
  int bits = 0;
  for (; i < n && static_cast<uint8_t>(p[i]) != '='; i++) {
    uint8_t d = digit64(p[i]);
    if (d == kNoDigit) continue;
    value = value << 6 | d;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *o++ = value >> bits;
  }
  return o - out;
}

// Reads the next digit; false at the end, which may be a '='.
bool next64(const uint8_t* p, size_t n, size_t* i, uint8_t* digit) {
  while (*i < n && p[*i] != '=') {
    *digit = digit64(p[(*i)++]);
    if (*digit != kNoDigit) return true;
  }
  *i = n;
  return false;
}

// Four digits as three bytes, or as many as there are and as fit; false if that was less.
bool group64(const uint8_t* p, size_t n, size_t* i, uint8_t* out, size_t capacity, size_t* k) {
  uint8_t digit, before;
  if (!next64(p, n, i, &digit) || *k >= capacity) return false;
  for (int shift = 2; shift <= 6; shift += 2) {
    before = digit;
    if (!next64(p, n, i, &digit)) return false;
    out[(*k)++] = before << shift | digit >> (6 - shift);
    if (*k >= capacity) return false;
  }
  return true;
}

// buf.write: groups of four digits, then one group more. Not more than the length of the text would need without anything else in it.
size_t writeBase64(const uint8_t* p, size_t n, uint8_t* out, size_t capacity) {
  size_t whole = std::min(capacity, base64Size(unpadded(p, n))) / 3 * 3;
  size_t i = 0, k = 0, end = n / 4 * 4;
  while (i < end && k < whole) {
    if (!group64(p, n, &i, out, capacity, &k) && (k >= capacity || i >= n)) return k;
    end = i + (n - i) / 4 * 4;
  }
  if (i < n && k < capacity) group64(p, n, &i, out, capacity, &k);
  return k;
}

// Pairs of hexadecimal digits up to the first that is none. `whole` says whether that was all of the text.
template <typename Char>
size_t decodeHex(const Char* p, size_t n, uint8_t* out, size_t capacity, bool* whole) {
  size_t k = 0;
  size_t pairs = n / 2;
  for (; k < pairs && k < capacity; k++) {
    uint8_t a = kDigits16[static_cast<uint8_t>(p[2 * k])];
    uint8_t b = kDigits16[static_cast<uint8_t>(p[2 * k + 1])];
    if ((a | b) & 0x80) break;
    out[k] = a << 4 | b;
  }
  *whole = k == pairs && n % 2 == 0;
  return k;
}

void writeUnits(v8::Isolate* isolate, v8::Local<v8::String> text, uint8_t* out, size_t count) {
  v8::String::ValueView view(isolate, text);
  if (!view.is_one_byte()) {
    memcpy(out, view.data16(), count * 2);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    out[2 * i] = view.data8()[i];
    out[2 * i + 1] = 0;
  }
}

size_t writeBase64(v8::Isolate* isolate, v8::Local<v8::String> text, uint8_t* out,
                   size_t capacity) {
  size_t length = text->Utf8LengthV2(isolate);
  if (length == static_cast<size_t>(text->Length())) {
    v8::String::ValueView view(isolate, text);
    if (view.is_one_byte()) return writeBase64(view.data8(), length, out, capacity);
  }
  std::unique_ptr<char[]> copy = allocate<char>(length);
  if (copy == nullptr) {
    throwRangeError(isolate, kNoMemory);
    return 0;
  }
  text->WriteUtf8V2(isolate, copy.get(), length, v8::String::WriteFlags::kReplaceInvalidUtf8);
  return writeBase64(reinterpret_cast<const uint8_t*>(copy.get()), length, out, capacity);
}

// Writes what fits of a text; no part of a character of UTF-8 or UTF-16.
size_t write(v8::Isolate* isolate, v8::Local<v8::String> text, Encoding encoding, uint8_t* out,
             size_t capacity) {
  size_t length = text->Length();
  if (length == 0 || capacity == 0) return 0;
  switch (encoding) {
    case Encoding::kASCII:
    case Encoding::kLatin1: {
      size_t count = std::min(length, capacity);
      text->WriteOneByteV2(isolate, 0, count, out);
      return count;
    }
    case Encoding::kUtf8:
      if (size_t whole = utf8Length(isolate, text); whole <= capacity) {
        writeUtf8(isolate, text, whole, reinterpret_cast<char*>(out));
        return whole;
      }
      return text->WriteUtf8V2(isolate, reinterpret_cast<char*>(out), capacity,
                               v8::String::WriteFlags::kReplaceInvalidUtf8);
    case Encoding::kUtf16: {
      size_t count = std::min(length, capacity / 2);
      writeUnits(isolate, text, out, count);
      return count * 2;
    }
    case Encoding::kBase64:
    case Encoding::kBase64URL:
      return writeBase64(isolate, text, out, capacity);
    case Encoding::kHex: {
      v8::String::ValueView view(isolate, text);
      bool whole;
      return view.is_one_byte() ? decodeHex(view.data8(), length, out, capacity, &whole)
                                : decodeHex(view.data16(), length, out, capacity, &whole);
    }
  }
  return 0;
}

// Most bytes that the text can become.
size_t sizeOf(v8::Isolate* isolate, v8::Local<v8::String> text, Encoding encoding) {
  size_t length = text->Length();
  switch (encoding) {
    case Encoding::kASCII:
    case Encoding::kLatin1:
      return length;
    case Encoding::kUtf8:
      return utf8Length(isolate, text);
    case Encoding::kUtf16:
      return length * 2;
    case Encoding::kBase64:
    case Encoding::kBase64URL: {
      v8::String::ValueView view(isolate, text);
      return base64Size(view.is_one_byte() ? unpadded(view.data8(), length)
                                           : unpadded(view.data16(), length));
    }
    case Encoding::kHex:
      return length / 2;
  }
  return 0;
}

// Encodes all of a text into `out`, which has sizeOf() bytes. `whole` is false for hexadecimal text with something else in it.
size_t encode(v8::Isolate* isolate, v8::Local<v8::String> text, Encoding encoding, uint8_t* out,
              size_t size, bool* whole) {
  *whole = true;
  if (encoding != Encoding::kBase64 && encoding != Encoding::kBase64URL &&
      encoding != Encoding::kHex) {
    return write(isolate, text, encoding, out, size);
  }
  size_t length = text->Length();
  v8::String::ValueView view(isolate, text);
  if (encoding == Encoding::kHex) {
    return view.is_one_byte() ? decodeHex(view.data8(), length, out, size, whole)
                              : decodeHex(view.data16(), length, out, size, whole);
  }
  return view.is_one_byte() ? decodeBase64(view.data8(), unpadded(view.data8(), length), out)
                            : decodeBase64(view.data16(), unpadded(view.data16(), length), out);
}

void giveString(const Info& info, v8::MaybeLocal<v8::String> text) {
  v8::Local<v8::String> value;
  if (text.ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  } else {
    throwRangeError(info.GetIsolate(), "String is too long for a V8 string");
  }
}

// A string of `size` bytes of Latin-1 that `fill` writes.
template <typename Fill>
void giveOneByte(const Info& info, size_t size, Fill fill) {
  if (size > static_cast<size_t>(v8::String::kMaxLength)) return giveString(info, {});
  // Most texts are short: no allocation for them.
  uint8_t small[1024];
  std::unique_ptr<uint8_t[]> large;
  uint8_t* data = small;
  if (size > sizeof small) {
    large = allocate<uint8_t>(size);
    data = large.get();
    if (data == nullptr) return giveString(info, {});
  }
  fill(data);
  giveString(info, v8::String::NewFromOneByte(info.GetIsolate(), data, v8::NewStringType::kNormal,
                                              static_cast<int>(size)));
}

const char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const char kURLSafe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void encodeBase64(const Bytes& bytes, const char* alphabet, bool pad, uint8_t* o) {
  const uint8_t* p = bytes.data;
  size_t i = 0;
  for (; i + 2 < bytes.size; i += 3, o += 4) {
    uint32_t v = p[i] << 16 | p[i + 1] << 8 | p[i + 2];
    o[0] = alphabet[v >> 18];
    o[1] = alphabet[v >> 12 & 63];
    o[2] = alphabet[v >> 6 & 63];
    o[3] = alphabet[v & 63];
  }
  if (i == bytes.size) return;
  bool two = i + 1 < bytes.size;
  uint32_t v = p[i] << 16 | (two ? p[i + 1] << 8 : 0);
  *o++ = alphabet[v >> 18];
  *o++ = alphabet[v >> 12 & 63];
  if (two) *o++ = alphabet[v >> 6 & 63];
  if (!pad) return;
  if (!two) *o++ = '=';
  *o = '=';
}

void giveBase64(const Info& info, const Bytes& bytes, bool url) {
  size_t n = bytes.size;
  size_t size = url ? n / 3 * 4 + (n % 3 == 0 ? 0 : n % 3 + 1) : (n + 2) / 3 * 4;
  giveOneByte(info, size,
              [&](uint8_t* out) { encodeBase64(bytes, url ? kURLSafe : kStandard, !url, out); });
}

void giveHex(const Info& info, const Bytes& bytes) {
  static const char kDigits[] = "0123456789abcdef";
  giveOneByte(info, bytes.size * 2, [&](uint8_t* out) {
    for (size_t i = 0; i < bytes.size; i++) {
      out[2 * i] = kDigits[bytes.data[i] >> 4];
      out[2 * i + 1] = kDigits[bytes.data[i] & 15];
    }
  });
}

void giveUtf16(const Info& info, const Bytes& bytes) {
  size_t count = bytes.size / 2;
  if (count > static_cast<size_t>(v8::String::kMaxLength)) return giveString(info, {});
  // The bytes need not be aligned.
  std::unique_ptr<uint16_t[]> units = allocate<uint16_t>(count);
  if (units == nullptr) return giveString(info, {});
  if (count > 0) memcpy(units.get(), bytes.data, count * 2);
  giveString(info, v8::String::NewFromTwoByte(info.GetIsolate(), units.get(),
                                              v8::NewStringType::kNormal, static_cast<int>(count)));
}

bool allASCII(const Bytes& bytes) {
  const uint8_t* p = bytes.data;
  const uint8_t* end = p + bytes.size;
  for (; p + 8 <= end; p += 8) {
    uint64_t w;
    memcpy(&w, p, 8);
    if (w & 0x8080808080808080ull) return false;
  }
  for (; p < end; p++) {
    if (*p & 0x80) return false;
  }
  return true;
}

void giveUtf8(const Info& info, const Bytes& bytes) {
  v8::Isolate* isolate = info.GetIsolate();
  if (bytes.size > static_cast<size_t>(v8::String::kMaxLength)) return giveString(info, {});
  int size = static_cast<int>(bytes.size);
  if (allASCII(bytes)) {
    return giveString(
        info, v8::String::NewFromOneByte(isolate, bytes.data, v8::NewStringType::kNormal, size));
  }
  giveString(info, v8::String::NewFromUtf8(isolate, reinterpret_cast<const char*>(bytes.data),
                                           v8::NewStringType::kNormal, size));
}

// Bytes as units of their width, from the start or from the end.
template <typename Unit>
struct Units {
  const uint8_t* data;
  size_t size;
  bool backward;

  Units(const Bytes& bytes, bool backward)
      : data(bytes.data), size(bytes.size / sizeof(Unit)), backward(backward) {}

  Unit operator[](size_t i) const {
    Unit unit;  // may be anywhere
    memcpy(&unit, data + (backward ? size - 1 - i : i) * sizeof(Unit), sizeof(Unit));
    return unit;
  }
};

constexpr uint64_t kPrime = (1ull << 61) - 1;

uint64_t multiply(uint64_t a, uint64_t b) {
  unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  uint64_t sum = static_cast<uint64_t>(product & kPrime) + static_cast<uint64_t>(product >> 61);
  return sum >= kPrime ? sum - kPrime : sum;
}

uint64_t add(uint64_t a, uint64_t b) { return a + b >= kPrime ? a + b - kPrime : a + b; }

// The first place of `needle` in `hay` from `start` on, -1 if there is none. Nothing stops this loop from outside: its time must not
// grow with the product of the lengths, whatever they hold (Rabin and Karp, with a base that nobody can know).
template <typename Unit>
ptrdiff_t search(const Units<Unit>& hay, const Units<Unit>& needle, size_t start) {
  static const uint64_t base = [] {
    std::random_device random;
    return (static_cast<uint64_t>(random()) << 32 | random()) % (kPrime - 256) + 256;
  }();
  uint64_t wanted = 0, hash = 0, leading = 1;
  for (size_t i = 0; i < needle.size; i++) {
    wanted = add(multiply(wanted, base), needle[i]);
    hash = add(multiply(hash, base), hay[start + i]);
    if (i > 0) leading = multiply(leading, base);
  }
  for (size_t at = start;; at++) {
    if (hash == wanted) {
      size_t i = 0;
      while (i < needle.size && hay[at + i] == needle[i]) i++;
      if (i == needle.size) return at;
    }
    if (at + needle.size == hay.size) return -1;
    hash = add(hash, kPrime - multiply(leading, hay[at]));
    hash = add(multiply(hash, base), hay[at + needle.size]);
  }
}

ptrdiff_t findFirst(const Bytes& hay, const Bytes& needle, size_t start) {
  if (start + needle.size > hay.size) return -1;
  void* found = memmem(hay.data + start, hay.size - start, needle.data, needle.size);
  return found == nullptr ? -1 : static_cast<uint8_t*>(found) - hay.data;
}

// The first place of `needle` from byte `start` on, or the last one up to it, among those of whole units.
template <typename Unit>
ptrdiff_t findUnits(const Bytes& hay, const Bytes& needle, size_t start, bool forward) {
  Units<Unit> in(hay, !forward), what(needle, !forward);
  size_t last = in.size - what.size;
  size_t first = start / sizeof(Unit);
  if (forward && first > last) return -1;
  ptrdiff_t at = search(in, what, forward ? first : last - std::min(first, last));
  if (at < 0) return -1;
  return (forward ? at : static_cast<ptrdiff_t>(last) - at) * static_cast<ptrdiff_t>(sizeof(Unit));
}

// Where a search starts, from an offset that may count from the end: -1 if nothing can be found.
int64_t searchStart(int64_t length, int64_t offset, int64_t needle, bool forward) {
  if (offset < 0) {
    if (offset + length >= 0) return length + offset;
    return forward || needle == 0 ? 0 : -1;
  }
  if (offset + needle <= length) return offset;
  if (needle == 0) return length;
  return forward ? -1 : length - 1;
}

ptrdiff_t find(Bytes hay, Bytes needle, int64_t offset, bool wide, bool forward) {
  if (wide) hay.size &= ~static_cast<size_t>(1);
  int64_t start = searchStart(hay.size, offset, needle.size, forward);
  if (needle.size == 0) return start;
  if (wide) needle.size &= ~static_cast<size_t>(1);
  if (start < 0 || needle.size == 0 || needle.size > hay.size) return -1;
  if (wide) return findUnits<uint16_t>(hay, needle, start, forward);
  return forward ? findFirst(hay, needle, start) : findUnits<uint8_t>(hay, needle, start, false);
}

}  // namespace

void op_buffer_from(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!info[0]->IsString()) {
    throwTypeError(isolate, "op wants a string");
    return;
  }
  v8::Local<v8::String> text = info[0].As<v8::String>();
  Encoding encoding = encodingArg(info, 1);
  size_t size = sizeOf(isolate, text, encoding);
  v8::Local<v8::ArrayBuffer> buffer;
  if (!v8::ArrayBuffer::MaybeNew(isolate, size,
                                 v8::BackingStoreInitializationMode::kZeroInitialized)
           .ToLocal(&buffer)) {
    return throwRangeError(isolate, kNoMemory);
  }
  uint8_t* data = static_cast<uint8_t*>(buffer->Data());
  bool whole = true;
  size_t written = size == 0 && encoding != Encoding::kHex
                       ? 0
                       : encode(isolate, text, encoding, data, size, &whole);
  if (info[2]->IsTrue() && !whole) return;
  if (written == size) {
    info.GetReturnValue().Set(buffer);
    return;
  }
  // Nobody should see, or pay for, the rest.
  v8::Local<v8::ArrayBuffer> cut;
  if (!v8::ArrayBuffer::MaybeNew(isolate, written).ToLocal(&cut)) {
    return throwRangeError(isolate, kNoMemory);
  }
  if (written > 0) memcpy(cut->Data(), data, written);
  info.GetReturnValue().Set(cut);
}

void op_buffer_write(const Info& info) {
  Bytes bytes;
  if (!bytesArg(info, 0, &bytes)) return;
  if (!info[1]->IsString()) {
    throwTypeError(info.GetIsolate(), "op wants a string");
    return;
  }
  size_t offset = std::min(sizeArg(info, 2), bytes.size);
  size_t capacity = std::min(sizeArg(info, 3), bytes.size - offset);
  size_t written = write(info.GetIsolate(), info[1].As<v8::String>(), encodingArg(info, 4),
                         bytes.data + offset, capacity);
  info.GetReturnValue().Set(static_cast<double>(written));
}

void op_buffer_to_string(const Info& info) {
  Bytes bytes;
  if (!bytesArg(info, 0, &bytes)) return;
  cut(info, 1, 2, &bytes);
  switch (encodingArg(info, 3)) {
    case Encoding::kASCII:
      return giveOneByte(info, bytes.size, [&](uint8_t* out) {
        for (size_t i = 0; i < bytes.size; i++) out[i] = bytes.data[i] & 0x7F;
      });
    case Encoding::kLatin1:
      if (bytes.size > static_cast<size_t>(v8::String::kMaxLength)) return giveString(info, {});
      return giveString(info, v8::String::NewFromOneByte(info.GetIsolate(), bytes.data,
                                                         v8::NewStringType::kNormal,
                                                         static_cast<int>(bytes.size)));
    case Encoding::kUtf8:
      return giveUtf8(info, bytes);
    case Encoding::kUtf16:
      return giveUtf16(info, bytes);
    case Encoding::kBase64:
      return giveBase64(info, bytes, false);
    case Encoding::kBase64URL:
      return giveBase64(info, bytes, true);
    case Encoding::kHex:
      return giveHex(info, bytes);
  }
}

void op_buffer_index_of(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Encoding encoding = encodingArg(info, 3);
  Bytes hay, needle;
  if (!bytesArg(info, 0, &hay)) return;
  std::unique_ptr<uint8_t[]> encoded;
  if (info[1]->IsString()) {
    v8::Local<v8::String> text = info[1].As<v8::String>();
    size_t size = sizeOf(isolate, text, encoding);
    encoded = allocate<uint8_t>(size);
    if (encoded == nullptr) return throwRangeError(isolate, kNoMemory);
    bool whole;
    needle.data = encoded.get();
    if (size > 0) needle.size = encode(isolate, text, encoding, encoded.get(), size, &whole);
  } else if (!bytesArg(info, 1, &needle)) {
    return;
  }
  double offset = info[2]->IsNumber() ? info[2].As<v8::Number>()->Value() : 0;
  offset = std::min(std::max(offset, -2147483648.0), 2147483647.0);
  ptrdiff_t at = find(hay, needle, static_cast<int64_t>(offset), encoding == Encoding::kUtf16,
                      info[4]->IsTrue());
  info.GetReturnValue().Set(static_cast<double>(at));
}

void op_buffer_compare(const Info& info) {
  Bytes a, b;
  if (!bytesArg(info, 0, &a) || !bytesArg(info, 3, &b)) return;
  cut(info, 1, 2, &a);
  cut(info, 4, 5, &b);
  size_t common = std::min(a.size, b.size);
  int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
  if (order == 0) order = a.size > b.size ? 1 : a.size < b.size ? -1 : 0;
  info.GetReturnValue().Set(order > 0 ? 1 : order < 0 ? -1 : 0);
}

void op_buffer_fill(const Info& info) {
  Bytes bytes, pattern;
  if (!bytesArg(info, 0, &bytes) || !bytesArg(info, 3, &pattern)) return;
  cut(info, 1, 2, &bytes);
  if (bytes.size == 0) return;
  if (pattern.size == 0) {
    memset(bytes.data, 0, bytes.size);
    return;
  }
  size_t done = std::min(pattern.size, bytes.size);
  // The pattern may be a part of the bytes.
  memmove(bytes.data, pattern.data, done);
  while (done < bytes.size) {
    size_t count = std::min(done, bytes.size - done);
    memcpy(bytes.data + done, bytes.data, count);
    done += count;
  }
}

void op_buffer_swap(const Info& info) {
  Bytes bytes;
  if (!bytesArg(info, 0, &bytes)) return;
  size_t width = sizeArg(info, 1);
  if (width != 2 && width != 4 && width != 8) return;
  for (size_t i = 0; i + width <= bytes.size; i += width) {
    std::reverse(bytes.data + i, bytes.data + i + width);
  }
}

void op_buffer_is_ascii(const Info& info) {
  Bytes bytes;
  if (bytesArg(info, 0, &bytes)) info.GetReturnValue().Set(allASCII(bytes));
}

}  // namespace dynos
