#include "codec.h"

#include "realm.h"

namespace dynos {

namespace {

// Nested arrays beyond this are refused: no op needs them.
constexpr int kMaxDepth = 32;
// What a turn's buffer may keep for the next one.
constexpr size_t kKeepBytes = 256 << 10;

bool isASCII(const uint8_t* p, size_t n) {
  size_t i = 0;
  uint64_t bits = 0;
  for (; i + 32 <= n; i += 32) {
    uint64_t w[4];
    memcpy(w, p + i, 32);
    bits |= w[0] | w[1] | w[2] | w[3];
  }
  for (; i < n; i++) bits |= p[i];
  return (bits & 0x8080808080808080ull) == 0;
}

// Bytes of any BufferSource: pointer and length; the memory is the backing store's.
bool bytesOf(v8::Local<v8::Value> value, uint8_t** data, size_t* length) {
  v8::Local<v8::ArrayBuffer> buffer;
  size_t offset = 0;
  if (value->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
    buffer = view->Buffer();
    offset = view->ByteOffset();
    *length = view->ByteLength();
  } else if (value->IsArrayBuffer()) {
    buffer = value.As<v8::ArrayBuffer>();
    *length = buffer->ByteLength();
  } else if (value->IsSharedArrayBuffer()) {
    v8::Local<v8::SharedArrayBuffer> shared = value.As<v8::SharedArrayBuffer>();
    *length = shared->ByteLength();
    *data = static_cast<uint8_t*>(shared->Data());
    return true;
  } else {
    return false;
  }
  *data = static_cast<uint8_t*>(buffer->Data()) + offset;
  return true;
}

}  // namespace

bool bufferBytes(v8::Local<v8::Value> value, uint8_t** data, size_t* length) {
  return bytesOf(value, data, length);
}

void Writer::clear() {
  if (buffer_.capacity() > kKeepBytes) std::vector<uint8_t>().swap(buffer_);
  buffer_.clear();
}

size_t Writer::begin(uint16_t op, uint16_t argc) {
  size_t start = buffer_.size();
  uint8_t* p = extend(8);
  memset(p, 0, 4);
  memcpy(p + 4, &op, 2);
  memcpy(p + 6, &argc, 2);
  return start;
}

void Writer::end(size_t start) {
  uint32_t size = static_cast<uint32_t>(buffer_.size() - start);
  memcpy(buffer_.data() + start, &size, 4);
}

void Writer::text(const char* utf8, size_t length) {
  tag(isASCII(reinterpret_cast<const uint8_t*>(utf8), length) ? kASCII : kUTF8);
  u32(static_cast<uint32_t>(length));
  raw(utf8, length);
}

void Writer::string(v8::Isolate* isolate, v8::Local<v8::String> text) {
  uint32_t length = static_cast<uint32_t>(text->Length());
  if (text->IsOneByte()) {
    size_t start = buffer_.size();
    uint8_t* p = extend(5 + length);
    text->WriteOneByteV2(isolate, 0, length, p + 5);
    p[0] = isASCII(p + 5, length) ? kASCII : kLatin1;
    memcpy(buffer_.data() + start + 1, &length, 4);
    return;
  }
  uint32_t size = static_cast<uint32_t>(utf8Length(isolate, text));
  tag(kUTF8);
  u32(size);
  uint8_t* p = extend(size);
  writeUtf8(isolate, text, size, reinterpret_cast<char*>(p));
}

bool Writer::value(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Value> value,
                   bool borrow, int depth) {
  if (value->IsString()) {
    string(isolate, value.As<v8::String>());
  } else if (value->IsInt32()) {
    tag(kInt32);
    u32(static_cast<uint32_t>(value.As<v8::Int32>()->Value()));
  } else if (value->IsNumber()) {
    double d = value.As<v8::Number>()->Value();
    tag(kDouble);
    raw(&d, 8);
  } else if (value->IsUndefined()) {
    tag(kUndefined);
  } else if (value->IsNull()) {
    tag(kNull);
  } else if (value->IsBoolean()) {
    tag(value.As<v8::Boolean>()->Value() ? kTrue : kFalse);
  } else if (value->IsArray()) {
    v8::Local<v8::Array> array = value.As<v8::Array>();
    if (depth >= kMaxDepth) return throwTypeError(isolate, "op argument nested too deeply");
    uint32_t count = array->Length();
    tag(kArray);
    u32(count);
    for (uint32_t i = 0; i < count; i++) {
      v8::Local<v8::Value> item;
      if (!array->Get(context, i).ToLocal(&item)) return false;
      if (!this->value(isolate, context, item, borrow, depth + 1)) return false;
    }
  } else {
    uint8_t* data;
    size_t length;
    if (!bytesOf(value, &data, &length)) return throwTypeError(isolate, "not an op argument");
    if (borrow) {
      uint64_t words[2] = {reinterpret_cast<uint64_t>(data), length};
      tag(kPointer);
      raw(words, 16);
    } else {
      tag(kBytes);
      u32(static_cast<uint32_t>(length));
      raw(data, length);
    }
  }
  return true;
}

Slice Reader::slice() {
  Tag t = tag();
  uint32_t length = u32();
  return {reinterpret_cast<const char*>(take(length)), length, t};
}

int32_t Reader::integer() {
  tag();
  return static_cast<int32_t>(u32());
}

uint32_t Reader::array() {
  tag();
  return u32();
}

v8::Local<v8::Value> Reader::value(v8::Isolate* isolate) {
  Tag t = tag();
  switch (t) {
    case kUndefined:
      return v8::Undefined(isolate);
    case kNull:
      return v8::Null(isolate);
    case kTrue:
      return v8::True(isolate);
    case kFalse:
      return v8::False(isolate);
    case kInt32:
      return v8::Integer::New(isolate, static_cast<int32_t>(u32()));
    case kDouble:
      return v8::Number::New(isolate, number<double>());
    case kASCII:
    case kLatin1: {
      int length = static_cast<int>(u32());
      return v8::String::NewFromOneByte(isolate, take(length), v8::NewStringType::kNormal, length)
          .FromMaybe(v8::Local<v8::String>(v8::String::Empty(isolate)));
    }
    case kUTF8: {
      int length = static_cast<int>(u32());
      return v8::String::NewFromUtf8(isolate, reinterpret_cast<const char*>(take(length)),
                                     v8::NewStringType::kNormal, length)
          .FromMaybe(v8::Local<v8::String>(v8::String::Empty(isolate)));
    }
    case kBytes: {
      uint32_t length = u32();
      const uint8_t* data = take(length);
      return newBytes(isolate, data, length);
    }
    case kArray: {
      uint32_t count = u32();
      v8::LocalVector<v8::Value> items(isolate);
      items.reserve(count);
      for (uint32_t i = 0; i < count; i++) items.push_back(value(isolate));
      return v8::Array::New(isolate, items.data(), items.size());
    }
    case kPointer:
      break;
  }
  return v8::Undefined(isolate);
}

}  // namespace dynos
