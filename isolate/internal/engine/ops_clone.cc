// Structured cloning: V8's serializer, with the rules for host objects in JavaScript (core/clone).

#include <cstdlib>
#include <cstring>
#include <vector>

#include "ops_gen.h"
#include "realm.h"
#include "v8-value-serializer-version.h"

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

namespace {

// The memory of shared buffers, by the numbers that the bytes have for them.
using Shared = std::vector<std::shared_ptr<v8::BackingStore>>;

// Asks core/clone about objects that V8 would take for plain ones.
class Hooks : public v8::ValueSerializer::Delegate {
 public:
  Hooks(Realm* realm, v8::Local<v8::Context> context)
      : realm_(realm),
        context_(context),
        plain_(v8::Object::New(realm->isolate)->GetPrototypeV2()) {}

  v8::ValueSerializer* serializer = nullptr;
  Shared* shared = nullptr;  // none where bytes leave the realm: shared buffers are refused

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    v8::Local<v8::Value> args[] = {message};
    ignore(
        realm_->hook(kHookThrowDataClone)->Call(context_, v8::Undefined(realm_->isolate), 1, args));
  }
  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate* isolate,
                                             v8::Local<v8::SharedArrayBuffer> buffer) override {
    if (shared != nullptr) {
      shared->push_back(buffer->GetBackingStore());
      return v8::Just(static_cast<uint32_t>(shared->size() - 1));
    }
    ThrowDataCloneError(
        v8::String::NewFromUtf8Literal(isolate, "#<SharedArrayBuffer> could not be cloned."));
    return v8::Nothing<uint32_t>();
  }
  bool HasCustomHostObject(v8::Isolate*) override { return true; }
  v8::Maybe<bool> IsHostObject(v8::Isolate* isolate, v8::Local<v8::Object> object) override {
    if (object->GetPrototypeV2() == plain_) return v8::Just(false);
    v8::Local<v8::Value> args[] = {object};
    v8::Local<v8::Value> answer;
    if (!realm_->hook(kHookIsHostObject)
             ->Call(context_, v8::Undefined(isolate), 1, args)
             .ToLocal(&answer)) {
      return v8::Nothing<bool>();
    }
    return v8::Just(answer->IsTrue());
  }
  v8::Maybe<bool> WriteHostObject(v8::Isolate* isolate, v8::Local<v8::Object> object) override {
    v8::Local<v8::Value> args[] = {object};
    v8::Local<v8::Value> answer, tag, data;
    if (!realm_->hook(kHookWriteHostObject)
             ->Call(context_, v8::Undefined(isolate), 1, args)
             .ToLocal(&answer) ||
        !answer->IsArray() || !answer.As<v8::Array>()->Get(context_, 0).ToLocal(&tag) ||
        !answer.As<v8::Array>()->Get(context_, 1).ToLocal(&data)) {
      return v8::Nothing<bool>();
    }
    serializer->WriteUint32(tag.As<v8::Uint32>()->Value());
    return serializer->WriteValue(context_, data);
  }

 private:
  Realm* realm_;
  v8::Local<v8::Context> context_;
  v8::Local<v8::Value> plain_;
};

class Reviver : public v8::ValueDeserializer::Delegate {
 public:
  Reviver(Realm* realm, v8::Local<v8::Context> context) : realm_(realm), context_(context) {}

  v8::ValueDeserializer* deserializer = nullptr;
  const Shared* shared = nullptr;

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* isolate,
                                                                   uint32_t id) override {
    if (shared == nullptr || id >= shared->size()) return {};
    return v8::SharedArrayBuffer::New(isolate, (*shared)[id]);
  }
  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate* isolate) override {
    v8::Isolate::AllowJavascriptExecutionScope allow(isolate);  // V8 forbids it while it reads
    uint32_t tag;
    v8::Local<v8::Value> data, object;
    if (!deserializer->ReadUint32(&tag) || !deserializer->ReadValue(context_).ToLocal(&data)) {
      return {};
    }
    v8::Local<v8::Value> args[] = {v8::Integer::NewFromUnsigned(isolate, tag), data};
    if (!realm_->hook(kHookReadHostObject)
             ->Call(context_, v8::Undefined(isolate), 2, args)
             .ToLocal(&object) ||
        !object->IsObject()) {
      return {};
    }
    return object.As<v8::Object>();
  }

 private:
  Realm* realm_;
  v8::Local<v8::Context> context_;
};

// Most messages are a few numbers and short strings, for which setting up V8's serializer takes longer than the bytes. These are
// written and read here, in V8's format; what is anything else, or long, is V8's.
// https://source.chromium.org/chromium/chromium/src/+/main:v8/src/objects/value-serializer.cc
namespace plain {

constexpr size_t kMaxBytes = 512;
constexpr uint32_t kMaxItems = 16;

enum Tag : uint8_t {
  kVersion = 0xFF,
  kUndefined = '_',
  kNull = '0',
  kTrue = 'T',
  kFalse = 'F',
  kInt32 = 'I',
  kDouble = 'N',
  kOneByteString = '"',
  kBeginArray = 'A',
  kEndArray = '$',
};

// Each method says whether the value is plain and there was room; once one has said no, what is written is of no use.
class Writer {
 public:
  explicit Writer(v8::Isolate* isolate) : isolate_(isolate) {
    put(kVersion);
    varint(v8::CurrentValueSerializerFormatVersion());
  }

  bool write(v8::Local<v8::Value> value) {
    if (value->IsString()) return writeString(value.As<v8::String>());
    if (value->IsInt32()) return writeInt32(value.As<v8::Int32>()->Value());
    if (value->IsNumber()) return writeDouble(value.As<v8::Number>()->Value());
    if (value->IsUndefined()) return put(kUndefined);
    if (value->IsNull()) return put(kNull);
    if (value->IsBoolean()) return put(value->IsTrue() ? kTrue : kFalse);
    return false;
  }

  // A list that no script has seen, so that nothing of it runs any.
  bool writeList(v8::Local<v8::Context> context, v8::Local<v8::Array> list) {
    uint32_t count = list->Length();
    if (count > kMaxItems || !put(kBeginArray) || !varint(count)) return false;
    for (uint32_t i = 0; i < count; i++) {
      v8::Local<v8::Value> item;
      if (!list->Get(context, i).ToLocal(&item) || !write(item)) return false;
    }
    return put(kEndArray) && varint(0) && varint(count);
  }

  v8::MaybeLocal<v8::String> bytes() const {
    return v8::String::NewFromOneByte(isolate_, bytes_, v8::NewStringType::kNormal,
                                      static_cast<int>(length_));
  }

 private:
  bool put(uint8_t byte) {
    if (length_ == kMaxBytes) return false;
    bytes_[length_++] = byte;
    return true;
  }
  bool varint(uint32_t value) {
    for (; value >= 0x80; value >>= 7) {
      if (!put(static_cast<uint8_t>(value | 0x80))) return false;
    }
    return put(static_cast<uint8_t>(value));
  }
  bool writeInt32(int32_t value) {
    uint32_t zigzag = (static_cast<uint32_t>(value) << 1) ^ static_cast<uint32_t>(value >> 31);
    return put(kInt32) && varint(zigzag);
  }
  bool writeDouble(double value) {
    if (kMaxBytes - length_ < 1 + sizeof value) return false;
    put(kDouble);
    memcpy(bytes_ + length_, &value, sizeof value);
    length_ += sizeof value;
    return true;
  }
  bool writeString(v8::Local<v8::String> text) {
    if (!text->IsOneByte()) return false;
    auto length = static_cast<uint32_t>(text->Length());
    if (!put(kOneByteString) || !varint(length) || kMaxBytes - length_ < length) return false;
    text->WriteOneByteV2(isolate_, 0, length, bytes_ + length_);
    length_ += length;
    return true;
  }

  v8::Isolate* isolate_;
  size_t length_ = 0;
  uint8_t bytes_[kMaxBytes];
};

// Reads what Writer writes, and gives nothing for whatever is not exactly that.
class Reader {
 public:
  Reader(v8::Isolate* isolate, const uint8_t* data, size_t length)
      : isolate_(isolate), at_(data), end_(data + length) {}

  v8::MaybeLocal<v8::Value> read() {
    uint32_t version;
    v8::Local<v8::Value> value;
    if (!next(kVersion) || !varint(&version) ||
        version != v8::CurrentValueSerializerFormatVersion()) {
      return {};
    }
    bool is_list = at_ < end_ && *at_ == kBeginArray;
    if (!(is_list ? readList() : readOne()).ToLocal(&value) || at_ != end_) return {};
    return value;
  }

 private:
  bool next(uint8_t tag) {
    if (at_ == end_ || *at_ != tag) return false;
    at_++;
    return true;
  }
  bool varint(uint32_t* value) {
    *value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      if (at_ == end_) return false;
      uint8_t byte = *at_++;
      *value |= static_cast<uint32_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    if (at_ == end_ || *at_ > 0x0F) return false;
    *value |= static_cast<uint32_t>(*at_++) << 28;
    return true;
  }
  v8::MaybeLocal<v8::Value> readOne() {
    if (at_ == end_) return {};
    switch (*at_++) {
      case kUndefined:
        return v8::Undefined(isolate_);
      case kNull:
        return v8::Null(isolate_);
      case kTrue:
        return v8::True(isolate_);
      case kFalse:
        return v8::False(isolate_);
      case kInt32:
        return readInt32();
      case kDouble:
        return readDouble();
      case kOneByteString:
        return readString();
      default:
        return {};
    }
  }
  v8::MaybeLocal<v8::Value> readInt32() {
    uint32_t zigzag;
    if (!varint(&zigzag)) return {};
    auto value = static_cast<int32_t>((zigzag >> 1) ^ (0 - (zigzag & 1)));
    return v8::Integer::New(isolate_, value);
  }
  v8::MaybeLocal<v8::Value> readDouble() {
    double value;
    if (static_cast<size_t>(end_ - at_) < sizeof value) return {};
    memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return v8::Number::New(isolate_, value);
  }
  v8::MaybeLocal<v8::Value> readString() {
    uint32_t length;
    if (!varint(&length) || static_cast<size_t>(end_ - at_) < length) return {};
    const uint8_t* text = at_;
    at_ += length;
    v8::Local<v8::String> value;
    if (!v8::String::NewFromOneByte(isolate_, text, v8::NewStringType::kNormal,
                                    static_cast<int>(length))
             .ToLocal(&value)) {
      return {};
    }
    return value;
  }
  v8::MaybeLocal<v8::Value> readList() {
    uint32_t count, properties, length;
    v8::Local<v8::Value> items[kMaxItems];
    if (!next(kBeginArray) || !varint(&count) || count > kMaxItems) return {};
    for (uint32_t i = 0; i < count; i++) {
      if (!readOne().ToLocal(&items[i])) return {};
    }
    if (!next(kEndArray) || !varint(&properties) || properties != 0 || !varint(&length) ||
        length != count) {
      return {};
    }
    return v8::Array::New(isolate_, items, count);
  }

  v8::Isolate* isolate_;
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace plain

// Serialised bytes from malloc, freed with their owner.
struct Bytes {
  uint8_t* data = nullptr;
  size_t length = 0;
  ~Bytes() { free(data); }
};

bool serialize(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const v8::LocalVector<v8::ArrayBuffer>& transfer, Shared* shared, Bytes* out) {
  Hooks hooks(realm, context);
  hooks.shared = shared;
  v8::ValueSerializer serializer(realm->isolate, &hooks);
  hooks.serializer = &serializer;
  serializer.WriteHeader();
  for (size_t i = 0; i < transfer.size(); i++) {
    serializer.TransferArrayBuffer(static_cast<uint32_t>(i), transfer[i]);
  }
  bool written = serializer.WriteValue(context, value).FromMaybe(false);
  std::pair<uint8_t*, size_t> buffer = serializer.Release();
  out->data = buffer.first;
  out->length = buffer.second;
  return written;
}

v8::MaybeLocal<v8::Value> deserialize(Realm* realm, v8::Local<v8::Context> context,
                                      const uint8_t* data, size_t length,
                                      const v8::LocalVector<v8::ArrayBuffer>& transferred,
                                      const Shared* shared) {
  Reviver reviver(realm, context);
  reviver.shared = shared;
  v8::ValueDeserializer deserializer(realm->isolate, data, length, &reviver);
  reviver.deserializer = &deserializer;
  for (size_t i = 0; i < transferred.size(); i++) {
    deserializer.TransferArrayBuffer(static_cast<uint32_t>(i), transferred[i]);
  }
  if (!deserializer.ReadHeader(context).FromMaybe(false)) return {};
  return deserializer.ReadValue(context);
}

// The bytes move to a new buffer; the old one is detached.
v8::MaybeLocal<v8::ArrayBuffer> move(v8::Isolate* isolate, v8::Local<v8::ArrayBuffer> buffer) {
  if (!buffer->IsDetachable()) {
    throwTypeError(isolate, "ArrayBuffer cannot be detached");
    return {};
  }
  std::shared_ptr<v8::BackingStore> store = buffer->GetBackingStore();
  if (buffer->Detach(v8::Local<v8::Value>()).IsNothing()) return {};
  return v8::ArrayBuffer::New(isolate, std::move(store));
}

bool transferList(const Info& info, v8::Local<v8::Context> context,
                  v8::LocalVector<v8::ArrayBuffer>* list) {
  if (!info[1]->IsArray()) return true;
  v8::Local<v8::Array> array = info[1].As<v8::Array>();
  for (uint32_t i = 0; i < array->Length(); i++) {
    v8::Local<v8::Value> item;
    if (!array->Get(context, i).ToLocal(&item)) return false;
    if (item->IsArrayBuffer()) list->push_back(item.As<v8::ArrayBuffer>());
  }
  return true;
}

// Up to this length serialised bytes are a string in JavaScript, one unit per byte: scripts never see them, and a buffer costs
// many times as much to make and to free.
constexpr size_t kMaxBlob = 16 << 10;

// Whether V8 may have written an error: 'r', perhaps a class, then a message, a stack or a cause. Text can look the same; what is
// lost then is time.
bool mayHoldError(const Bytes& bytes) {
  const uint8_t* end = bytes.data + bytes.length;
  for (const uint8_t* at = bytes.data; at < end; at++) {
    at = static_cast<const uint8_t*>(memchr(at, 'r', end - at));
    if (at == nullptr) return false;
    const uint8_t* next = at + 1;
    if (next < end && strchr("EFRSTU", *next) != nullptr) next++;
    if (next + 1 >= end) return false;
    bool text = next[1] == '"' || next[1] == 'c' || next[1] == 0;
    if (text && (*next == 'm' || *next == 's')) return true;
    if (*next == 'c' && strchr("\"cor", next[1]) != nullptr) return true;
  }
  return false;
}

}  // namespace

void op_structured_clone(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::LocalVector<v8::ArrayBuffer> transfer(isolate), transferred(isolate);
  Bytes bytes;
  Shared shared;
  if (!transferList(info, context, &transfer) ||
      !serialize(realm, context, info[0], transfer, &shared, &bytes)) {
    return;
  }
  if (info[2]->IsTrue() && !shared.empty()) {
    throwTypeError(isolate, "SharedArrayBuffer is unsupported with MessagePort");
    return;
  }
  if (info[3]->IsTrue() && mayHoldError(bytes)) {
    Hooks(realm, context).ThrowDataCloneError(v8::String::NewFromUtf8Literal(isolate, "error"));
    return;
  }
  for (v8::Local<v8::ArrayBuffer> buffer : transfer) {
    v8::Local<v8::ArrayBuffer> moved;
    if (!move(isolate, buffer).ToLocal(&moved)) return;
    transferred.push_back(moved);
  }
  v8::Local<v8::Value> value;
  if (deserialize(realm, context, bytes.data, bytes.length, transferred, &shared).ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  }
}

void op_serialize(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!info[0]->IsObject()) {
    plain::Writer writer(isolate);
    v8::Local<v8::String> text;
    if (writer.write(info[0]) && writer.bytes().ToLocal(&text)) {
      info.GetReturnValue().Set(text);
      return;
    }
  }
  v8::LocalVector<v8::ArrayBuffer> none(isolate);
  Bytes bytes;
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  if (!serialize(realm, context, info[0], none, nullptr, &bytes)) return;
  if (info[1]->IsTrue() && mayHoldError(bytes)) {
    Hooks(realm, context).ThrowDataCloneError(v8::String::NewFromUtf8Literal(isolate, "error"));
    return;
  }
  v8::Local<v8::String> text;
  if (bytes.length > kMaxBlob) {
    info.GetReturnValue().Set(newBytes(isolate, bytes.data, bytes.length));
  } else if (v8::String::NewFromOneByte(isolate, bytes.data, v8::NewStringType::kNormal,
                                        static_cast<int>(bytes.length))
                 .ToLocal(&text)) {
    info.GetReturnValue().Set(text);
  }
}

void op_serialize_list(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!info[0]->IsArray()) {
    throwTypeError(isolate, "op wants an Array");
    return;
  }
  plain::Writer writer(isolate);
  v8::Local<v8::String> text;
  if (writer.writeList(isolate->GetCurrentContext(), info[0].As<v8::Array>()) &&
      writer.bytes().ToLocal(&text)) {
    info.GetReturnValue().Set(text);
  }
}

void op_deserialize(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  uint8_t* data;
  size_t length;
  uint8_t few[plain::kMaxBytes];
  std::vector<uint8_t> copy;
  if (info[0]->IsString()) {
    v8::Local<v8::String> text = info[0].As<v8::String>();
    length = static_cast<size_t>(text->Length());
    data = few;
    if (length > sizeof few) {
      copy.resize(length);
      data = copy.data();
    }
    text->WriteOneByteV2(isolate, 0, static_cast<uint32_t>(length), data);
  } else if (!bufferBytes(info[0], &data, &length)) {
    throwTypeError(isolate, "op wants bytes");
    return;
  }
  v8::Local<v8::Value> value;
  if (length <= plain::kMaxBytes && plain::Reader(isolate, data, length).read().ToLocal(&value)) {
    info.GetReturnValue().Set(value);
    return;
  }
  v8::LocalVector<v8::ArrayBuffer> none(isolate);
  if (deserialize(Realm::from(isolate), isolate->GetCurrentContext(), data, length, none, nullptr)
          .ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  }
}

void op_detach(const Info& info) {
  v8::Local<v8::ArrayBuffer> moved;
  if (!info[0]->IsArrayBuffer()) {
    throwTypeError(info.GetIsolate(), "op wants an ArrayBuffer");
    return;
  }
  if (move(info.GetIsolate(), info[0].As<v8::ArrayBuffer>()).ToLocal(&moved)) {
    info.GetReturnValue().Set(moved);
  }
}

}  // namespace dynos
