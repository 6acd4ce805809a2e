// Values between JavaScript and Go; the Go half and the layout of messages are isolate/ops/codec.go.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "v8.h"

namespace dynos {

enum Tag : uint8_t {
  kUndefined,
  kNull,
  kTrue,
  kFalse,
  kInt32,
  kDouble,
  kASCII,
  kLatin1,
  kUTF8,
  kBytes,
  kArray,
  kPointer,
};

// Appends values to a growing buffer.
class Writer {
 public:
  const uint8_t* data() const { return buffer_.data(); }
  size_t size() const { return buffer_.size(); }
  void clear();

  // A message is begun, filled and ended; cancel() drops one that failed half-way.
  size_t begin(uint16_t op, uint16_t argc);
  void end(size_t start);
  void cancel(size_t start) { buffer_.resize(start); }

  // False with a pending exception if the value has no encoding.
  // With `borrow`, byte buffers are written as pointers, valid while the value is alive and untouched.
  bool value(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Value> value,
             bool borrow, int depth = 0);
  void string(v8::Isolate* isolate, v8::Local<v8::String> text);
  void text(const char* utf8, size_t length);
  void u32(uint32_t v) { raw(&v, 4); }

 private:
  void tag(Tag t) { buffer_.push_back(t); }
  void raw(const void* data, size_t length) {
    const uint8_t* p = static_cast<const uint8_t*>(data);
    buffer_.insert(buffer_.end(), p, p + length);
  }
  uint8_t* extend(size_t length) {
    size_t at = buffer_.size();
    buffer_.resize(at + length);
    return buffer_.data() + at;
  }

  std::vector<uint8_t> buffer_;
};

// A piece of a message that is not made into a JavaScript value.
struct Slice {
  const char* data;
  size_t length;
  Tag tag;
};

// Reads values from a buffer written by Go. Go is trusted: a malformed value is a bug and aborts in debug checks.
class Reader {
 public:
  Reader(const uint8_t* data, size_t length) : at_(data), end_(data + length) {}
  bool more() const { return at_ < end_; }
  const uint8_t* position() const { return at_; }

  uint16_t u16() { return number<uint16_t>(); }
  uint32_t u32() { return number<uint32_t>(); }
  uint64_t u64() { return number<uint64_t>(); }
  Tag tag() { return static_cast<Tag>(*at_++); }
  const uint8_t* take(size_t length) {
    const uint8_t* p = at_;
    at_ += length;
    return p;
  }

  // Text or bytes in place.
  Slice slice();
  int32_t integer();
  bool boolean() { return tag() == kTrue; }
  // The count of an array whose values follow.
  uint32_t array();

  v8::Local<v8::Value> value(v8::Isolate* isolate);

 private:
  template <typename T>
  T number() {
    T v;
    memcpy(&v, at_, sizeof v);
    at_ += sizeof v;
    return v;
  }

  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace dynos
